import { byId, el, empty, redraw } from './dom.js';
import { count } from './format.js';

/** Rejected examples by reason, each with its newest samples. */
export function drawRejected(task) {
  redraw(byId('rejected'), task.rejected, (reasons) => (reasons.length === 0
    ? empty('Nothing was rejected. Examples that cannot be trained appear here with their reason.')
    : el('ol', { class: 'list' }, reasons.map(entry))));
}

function entry(rejected) {
  return el('li', {}, el('details', { 'data-key': rejected.reason },
    el('summary', {}, el('span', { class: 'row' }, el('b', {}, rejected.reason), el('span', { class: 'soft' }, count(rejected.count)))),
    el('ul', { class: 'samples' }, rejected.samples.map((sample) =>
      el('li', {}, el('b', {}, sample.id), ` ${sample.message} `, el('span', { class: 'soft' }, `${sample.text} (${sample.place})`))))));
}
