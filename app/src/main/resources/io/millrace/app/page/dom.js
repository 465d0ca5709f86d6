/** Builds an element. Every child is a node or becomes a text: nothing from a record is ever read as markup. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'class') element.className = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

const shown = new WeakMap();

/**
 * Draws a panel again only if its data changed, so that a selection, an opened detail and the place of a scroll bar stay.
 * @param build makes the children from the data
 */
export function redraw(panel, data, build) {
  const key = JSON.stringify(data);
  if (shown.get(panel) === key) return;
  shown.set(panel, key);
  const open = new Set([...panel.querySelectorAll('details[open][data-key]')].map((detail) => detail.dataset.key));
  const scrolled = panel.firstElementChild ? panel.firstElementChild.scrollTop : 0;
  const focused = panel.contains(document.activeElement) ? document.activeElement.closest('[data-key]')?.dataset.key : null;
  panel.replaceChildren(...[build(data)].flat());
  for (const detail of panel.querySelectorAll('details[data-key]')) {
    if (open.has(detail.dataset.key)) detail.open = true;
    if (detail.dataset.key === focused) detail.querySelector('summary').focus({ preventScroll: true });
  }
  if (panel.firstElementChild) panel.firstElementChild.scrollTop = scrolled;
}

export const empty = (text) => el('p', { class: 'empty' }, text);
