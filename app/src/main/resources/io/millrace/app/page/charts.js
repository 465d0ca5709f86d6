import { Chart } from './chart.js';
import { byId, el } from './dom.js';
import { SCORES } from './format.js';
import { getJson } from './live.js';
import { save, settings } from './settings.js';

const isShare = () => settings.score === 'accuracy';

const KINDS = [
  { name: 'accuracy', title: 'Test-then-train accuracy', awaits: 'Waits for the first step of training.', share: () => true },
  { name: 'loss', title: 'Loss terms', awaits: 'Waits for the first step of training.', share: () => false },
  { name: 'in', title: 'In distribution', awaits: 'Waits for the first evaluated checkpoint with a probe set in the distribution of the stream.', share: isShare },
  { name: 'out', title: 'Out of distribution', awaits: 'Waits for the first evaluated checkpoint with a probe set out of the distribution of the stream.', share: isShare },
];

/** The zoom: one range of steps for all charts, or null for the whole run. */
const zoom = {
  range: null,
  whole: { min: 0, max: 1 },
  timer: null,
  set(range) {
    const wider = range && range.max - range.min >= 1 ? { min: Math.round(range.min), max: Math.round(range.max) } : null;
    if (range && !wider) return;
    this.range = wider;
    byId('reset').disabled = wider === null;
    charts.forEach((chart) => chart.rescale());
    // Zoomed in, the server has more points for the same pixels.
    clearTimeout(this.timer);
    this.timer = setTimeout(() => refreshAgain(), 80);
  },
};

const charts = KINDS.map((kind) => new Chart(kind, zoom));
let refreshAgain = () => {};

export function startCharts(refresh) {
  refreshAgain = refresh;
  byId('charts').append(...charts.map((chart) => chart.figure));
  byId('reset').addEventListener('click', () => zoom.set(null));
  byId('per').value = settings.per;
  byId('per').addEventListener('change', (event) => choose('per', event.target.value));
  byId('score').addEventListener('change', (event) => choose('score', event.target.value));
}

function choose(name, value) {
  settings[name] = value;
  save();
  refreshAgain();
}

export function repaintCharts() {
  charts.forEach((chart) => chart.repaint());
}

export function forgetZoom() {
  zoom.set(null);
}

export async function drawCharts(task) {
  offerScores(task.scores.names);
  const marked = {
    bands: task.drift.map(({ from, to }) => ({ from, to })),
    verdicts: task.models.marks,
  };
  const answers = await Promise.all(charts.map((chart) => extract(task, chart)));
  if (!zoom.range) zoom.whole = wholeOf(answers);
  answers.forEach((data, i) => charts[i].update(data, marked));
}

/** Every step if this process trains, and else the means per checkpoint that the topics have. */
async function extract(task, chart) {
  const trained = chart.kind.name === 'loss' || chart.kind.name === 'accuracy';
  const data = await getJson(address(task, chart, settings.per));
  return trained && data.x.length === 0 && settings.per === 'step' ? getJson(address(task, chart, 'checkpoint')) : data;
}

/** All charts have the same steps from left to right, so that one can look from one to another. */
function wholeOf(answers) {
  const ends = answers.filter(({ x }) => x.length > 0).map(({ x }) => [x[0], x[x.length - 1]]);
  const min = Math.min(...ends.map(([first]) => first));
  const max = Math.max(...ends.map(([, last]) => last));
  return ends.length === 0 ? { min: 0, max: 1 } : { min, max: Math.max(max, min + 1) };
}

function address(task, chart, per) {
  const query = new URLSearchParams({ task: task.name, chart: chart.kind.name, per, score: settings.score, width: chart.width });
  if (zoom.range) {
    query.set('from', zoom.range.min);
    query.set('to', zoom.range.max);
  }
  return `/api/series?${query}`;
}

function offerScores(scores) {
  const select = byId('score');
  const offered = scores.length > 0 ? scores : ['accuracy'];
  if ([...select.options].map((option) => option.value).join() === offered.join()) return;
  if (!offered.includes(settings.score)) settings.score = offered[0];
  select.replaceChildren(...offered.map((score) => el('option', { value: score }, SCORES[score] ?? score)));
  select.value = settings.score;
}
