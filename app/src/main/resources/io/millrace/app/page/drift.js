import { byId, el, empty, redraw } from './dom.js';
import { count, number, time } from './format.js';

/** Episodes of drift, newest first, with the words and the examples that show them. */
export function drawDrift(task) {
  redraw(byId('drift'), task.drift, (episodes) => (episodes.length === 0
    ? empty('No drift so far. Episodes appear here when a metric of the stream or a score leaves its range.')
    : el('ol', { class: 'list', tabindex: 0, 'aria-label': 'Episodes, newest first' }, episodes.map(entry))));
}

function entry(episode) {
  const range = episode.to === undefined ? `from step ${count(episode.from)} on` : `steps ${count(episode.from)} to ${count(episode.to)}`;
  return el('li', {},
    el('span', { class: 'row' }, el('b', {}, range),
      el('span', { class: 'badge drift' }, [episode.severity, episode.to === undefined ? 'ongoing' : 'over'].filter(Boolean).join(', ')),
      el('span', { class: 'when' }, time(episode.at))),
    episode.words.length > 0 ? el('p', { class: 'soft' }, 'words that became frequent') : null,
    episode.words.length > 0 ? el('ul', { class: 'words' }, episode.words.map((word) => el('li', {}, word))) : null,
    episode.metrics.map((metric) => el('p', { class: 'soft' },
      `${metric.name}: ${number(metric.value)}, reference ${number(metric.reference)}${metric.over ? ', recovered' : ''}`)),
    el('details', { 'data-key': episode.id }, el('summary', { class: 'soft' }, 'Detectors and examples'),
      el('ul', { class: 'samples' },
        episode.metrics.map((metric) => el('li', {}, `${metric.name}: ${metric.detector}`)),
        episode.examples.map((example) => el('li', {}, example)))));
}
