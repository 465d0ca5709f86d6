import { byId, el, empty, redraw } from './dom.js';
import { count } from './format.js';

/** Which offsets made the current model, checkpoint by checkpoint. */
export function drawLineage({ models }) {
  redraw(byId('lineage'), [models.lineage, models.lineageIsWhole], () => {
    if (models.lineage.length === 0) return empty('Waits for the first promoted model. Then every offset that made it is here.');
    const items = models.lineage.map((one) => el('li', { class: one.verdict && one.verdict !== 'rejected' ? 'promoted' : '' },
      el('b', {}, `step ${count(one.step)}`), ` ${one.verdict ?? 'not judged'}`,
      el('p', { class: 'soft' }, `${count(one.examples)} examples, offsets ${count(one.first)} to ${count(one.next)} of partition ${one.partition}`)));
    items.push(el('li', {}, el('span', { class: 'soft' }, models.lineageIsWhole ? 'the encoder that the task began with' : 'older ancestors: ./millrace lineage check')));
    return el('ol', { class: 'chain', tabindex: 0, 'aria-label': 'Ancestors, newest first' }, items);
  });
}
