import { byId, el } from './dom.js';
import { count, number, percent } from './format.js';
import { getJson } from './live.js';

/** Asks the current model and the newest checkpoint about the same sentence. */
export function startTrial(taskName) {
  byId('trial').addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = event.target.querySelector('button');
    button.disabled = true;
    say('Asking. The first answer takes a moment, because the models are loaded.');
    try {
      const body = { task: taskName(), text: byId('text').value, textPair: byId('textPair').value };
      draw(await getJson('/api/try', {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
      }));
    } catch (problem) {
      say(problem.message);
    } finally {
      button.disabled = false;
    }
  });
}

export function offerPair(pairs) {
  byId('pair').hidden = !pairs;
}

function say(text) {
  byId('answers').replaceChildren(el('p', { class: 'soft' }, text));
}

function draw(answers) {
  byId('answers').replaceChildren(
    column('Current model', answers.champion),
    column('Newest checkpoint', answers.newest, answers.same ? 'It is the current model.' : null));
}

function column(title, answer, remark) {
  const where = answer.step === undefined ? null : el('span', { class: 'soft' }, ` step ${count(answer.step)}${answer.millis === undefined ? '' : `, ${answer.millis} ms`}`);
  return el('div', { class: 'answer' }, el('h3', {}, title, where),
    remark ? el('p', { class: 'soft' }, remark) : null, result(answer));
}

function result(answer) {
  if (answer.fault !== undefined) return el('p', { class: 'empty' }, answer.fault);
  if (answer.score !== undefined) return el('p', {}, number(answer.score));
  return el('ol', { class: 'bars' }, answer.labels.map(({ label, probability }) => el('li', {},
    el('span', {}, label), el('span', {}, percent(probability)),
    el('meter', { min: 0, max: 1, value: probability, 'aria-label': label }))));
}
