import { byId, el, empty, redraw } from './dom.js';
import { count, percent, time } from './format.js';

/** The newest checkpoints: verdict, scores, reasons, and behind them the numbers. */
export function drawVerdicts({ models }) {
  redraw(byId('verdicts'), [models.checkpoints, models.champion?.id], () => (models.checkpoints.length === 0
    ? empty('Waits for the first checkpoint. Its verdict follows when an evaluator has scored it.')
    : el('ol', { class: 'list', tabindex: 0, 'aria-label': 'Checkpoints, newest first' },
      models.checkpoints.map((checkpoint) => entry(checkpoint, checkpoint.id === models.champion?.id)))));
}

function entry(checkpoint, current) {
  const promoted = checkpoint.verdict && checkpoint.verdict !== 'rejected';
  const kind = checkpoint.verdict ? (promoted ? 'promoted' : 'rejected') : '';
  const scores = Object.entries(checkpoint.scores).map(([name, accuracy]) => `${name} ${percent(accuracy)}`).join('  ');
  return el('li', {}, el('details', { 'data-key': checkpoint.id },
    el('summary', {}, el('span', { class: 'row' },
      el('b', {}, `step ${count(checkpoint.step)}`),
      el('span', { class: `badge ${kind}` }, (checkpoint.verdict ?? 'awaits its verdict') + (checkpoint.byHand ? ` by ${checkpoint.byHand}` : '')),
      current ? el('span', { class: 'badge promoted' }, 'current') : null,
      checkpoint.undone ? el('span', { class: 'badge' }, 'undone') : null,
      el('span', { class: 'soft' }, scores),
      el('span', { class: 'when' }, time(checkpoint.at)))),
    checkpoint.assessment ? el('p', { class: 'reason' }, checkpoint.assessment) : null,
    checkpoint.reasons.map((reason) => el('p', { class: 'reason' }, reason)),
    checkpoint.evidence.length > 0 ? el('pre', { tabindex: 0, 'aria-label': 'Evidence' }, checkpoint.evidence.join('\n')) : null,
    el('p', { class: 'reason soft' }, checkpoint.id)));
}
