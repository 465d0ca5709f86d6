import { byId, el, redraw } from './dom.js';
import { count, percent, time } from './format.js';

/** The newest figures, and the identities of the counters. */
export function drawOverview(task) {
  redraw(byId('figures'), [task.training, task.figures, task.models.champion?.id, task.models.hold, task.models.promoted, task.models.announced],
    () => figures(task).map(([name, value, remark]) =>
      el('div', {}, el('dt', {}, name), el('dd', {}, value, remark ? el('small', {}, remark) : null))));
  redraw(byId('flow'), task.figures, (its) => [ingest(its), trainer(its)].filter(Boolean));
}

function figures(task) {
  const { figures: its, training, models } = task;
  const rate = its.examplesPerSecond;
  const rows = [
    ['Test-then-train accuracy', training.accuracy === undefined ? '–' : percent(training.accuracy)],
    ['Current model', models.champion ? `step ${count(models.champion.step)}` : 'none yet',
      models.champion ? `written ${time(models.champion.at)}` : 'waits for a promotion'],
    ['Steps', count(training.step), `${count(training.examples)} examples in checkpoints`],
  ];
  if (its.trained !== undefined) rows.push(['Examples per second', rate === undefined ? '–' : rate.toFixed(rate < 10 ? 1 : 0)]);
  if (its.lag !== undefined) rows.push(['Lag', count(its.lag), 'not trained yet']);
  rows.push(['Promoted', count(models.promoted), `of ${count(models.announced)} checkpoints`]);
  if (models.hold) rows.push(['Promotion', 'on hold', models.hold]);
  return rows;
}

function ingest(its) {
  if (its.received === undefined) return null;
  return identity('ingest', ['received', its.received],
    [['accepted', its.accepted], ['rejected', its.rejected], ['duplicate', its.duplicate], ['joined', its.joined || undefined]]);
}

function trainer(its) {
  if (its.read === undefined) return null;
  return identity('trainer', ['accepted', its.read],
    [['trained', its.trained], ['quarantined', its.quarantined], ['malformed', its.malformed], ['released', its.released], ['pending', its.pending]]);
}

/** What is in no part yet is under way. Parts that another process has received make no sum. */
function identity(who, [name, whole], parts) {
  const known = parts.filter(([, value]) => value !== undefined);
  const underWay = known.reduce((rest, [, value]) => rest - value, whole);
  if (underWay > 0) known.push(['under way', underWay]);
  const [first, next] = underWay < 0 ? [',', ','] : ['=', '+'];
  return el('p', {}, el('span', { class: 'who' }, who), el('b', {}, count(whole)), el('span', {}, name), first,
    known.flatMap(([part, value], i) => [i > 0 ? next : null, el('b', {}, count(value)), el('span', {}, part)]));
}
