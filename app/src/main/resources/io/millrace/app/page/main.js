import { drawCharts, forgetZoom, repaintCharts, startCharts } from './charts.js';
import { byId, el, redraw } from './dom.js';
import { drawDrift } from './drift.js';
import { drawLineage } from './lineage.js';
import { follow, getJson } from './live.js';
import { drawOverview } from './overview.js';
import { drawRejected } from './rejected.js';
import { applyTheme, onSystemTheme, save, settings } from './settings.js';
import { offerPair, startTrial } from './trial.js';
import { drawVerdicts } from './verdicts.js';

const STATUS = { live: 'live', asking: 'asks every few seconds: many pages are open', gone: 'no answer, tries again' };

function tell(state, why) {
  byId('status').dataset.state = state;
  byId('status-text').textContent = why && state === 'gone' ? `${STATUS.gone} (${why})` : STATUS[state];
}

async function refresh() {
  const state = await stateOf(settings.task);
  const { task } = state;
  document.title = task.training.accuracy === undefined ? 'Millrace' : `${(100 * task.training.accuracy).toFixed(1)} % · Millrace`;
  byId('service').textContent = `${state.service === 'local' ? 'all services' : state.service} · task ${task.name}`;
  offerTasks(state.tasks, task.name);
  offerPair(task.pairs);
  redraw(byId('notes'), state.notes, (notes) => notes.map((note) => el('p', {}, note)));
  drawOverview(task);
  drawVerdicts(task);
  drawDrift(task);
  drawRejected(task);
  drawLineage(task);
  await drawCharts(task);
}

/** A task that was chosen long ago may be gone from the configuration. */
async function stateOf(task) {
  try {
    return await getJson(`/api/state?${new URLSearchParams({ task })}`);
  } catch (problem) {
    if (task === '') throw problem;
    settings.task = '';
    return getJson('/api/state');
  }
}

function offerTasks(tasks, chosen) {
  byId('task-pick').hidden = tasks.length < 2;
  redraw(byId('task'), tasks, (names) => names.map((name) => el('option', { value: name }, name)));
  byId('task').value = chosen;
}

function changeTheme() {
  applyTheme();
  repaintCharts();
}

applyTheme();
byId('theme').value = settings.theme;
byId('theme').addEventListener('change', (event) => {
  settings.theme = event.target.value;
  save();
  changeTheme();
});
onSystemTheme(changeTheme);

const again = follow(refresh, tell);
startCharts(again);
startTrial(() => byId('task').value);
byId('task').addEventListener('change', (event) => {
  settings.task = event.target.value;
  save();
  forgetZoom();
  again();
});
