import uPlot from '/assets/uplot.js';
import { el } from './dom.js';
import { count, number, percent, seriesName } from './format.js';
import { marks } from './marks.js';
import { save, settings } from './settings.js';

const HEIGHT = 262;
const TABLE_ROWS = 200;

/** Drawn as dots and not as a line: its values jump from step to step. */
const DOTS = 'miniBatchAccuracy';

const hue = (name, i) => (name === DOTS ? '--s6' : name === 'prequentialAccuracy' ? '--s0' : `--s${i % 6}`);

export const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** One chart with its legend and its table. It is made once; new data replace the old, and zoom and legend stay. */
export class Chart {
  /**
   * @param kind name, title, what is awaited while there are no data, and whether values are shares
   * @param zoom the zoom that all charts share
   */
  constructor(kind, zoom) {
    this.kind = kind;
    this.zoom = zoom;
    this.plot = null;
    this.names = [];
    this.data = { x: [], series: [] };
    this.marked = { bands: [], verdicts: [] };
    this.note = el('span', { class: 'note' });
    this.empty = el('p', { class: 'empty' }, kind.awaits);
    this.box = el('div', { class: 'plot', tabindex: 0, role: 'img', 'aria-label': kind.title }, this.empty);
    this.legend = el('div', { class: 'legend', role: 'group', 'aria-label': `Series of ${kind.title}` });
    this.cells = el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${kind.title}, values` });
    this.table = el('details', { class: 'table', ontoggle: () => this.fillTable() },
      el('summary', {}, 'Values as a table'), this.cells);
    this.figure = el('figure', { id: `chart-${kind.name}` },
      el('figcaption', {}, el('h3', {}, kind.title), this.note), this.box, this.legend, this.table);
    this.box.addEventListener('keydown', (event) => this.key(event));
    this.box.addEventListener('dblclick', () => this.zoom.set(null));
    new ResizeObserver(() => this.resize()).observe(this.box);
  }

  /** Pixels of the drawing area, about. */
  get width() {
    return Math.max(200, this.box.clientWidth - 60);
  }

  update(data, marked) {
    this.data = data;
    this.marked = marked;
    const names = data.series.map((series) => series.name);
    const has = data.series.some((series) => series.values.some((value) => value !== null));
    this.empty.hidden = has;
    if (!has) {
      this.clear();
      return;
    }
    if (!this.plot || names.join('\n') !== this.names.join('\n')) this.rebuild(names);
    this.plot.setData([data.x, ...data.series.map((series) => series.values)], false);
    this.rescale();
    this.describe();
    if (this.table.open) this.fillTable();
  }

  /** Shows the zoomed range, or all there is. */
  rescale() {
    if (!this.plot || this.data.x.length === 0) return;
    this.plot.setScale('x', this.zoom.range ?? this.zoom.whole);
  }

  /** Another task may have nothing to draw yet. */
  clear() {
    this.plot?.destroy();
    this.plot = null;
    this.names = [];
    this.legend.replaceChildren();
    this.note.textContent = '';
    this.box.setAttribute('aria-label', `${this.kind.title}. ${this.kind.awaits}`);
    if (this.table.open) this.fillTable();
  }

  rebuild(names) {
    this.plot?.destroy();
    this.names = names;
    this.plot = new uPlot(this.options(), [[], ...names.map(() => [])], this.box);
    this.legend.replaceChildren(...names.map((name, i) => this.legendEntry(name, i)));
  }

  options() {
    const axis = { stroke: color('--soft'), grid: { stroke: color('--grid'), width: 1 }, ticks: { stroke: color('--grid'), width: 1, size: 4 }, font: '11px system-ui, sans-serif' };
    return {
      width: Math.max(220, this.box.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      padding: [8, 8, 0, 0],
      cursor: { sync: { key: 'steps' }, drag: { x: true, y: false, setScale: false }, points: { size: 7 }, bind: { dblclick: () => null } },
      scales: { x: { time: false }, y: { range: (plot, low, high) => this.yRange(low, high) } },
      axes: [
        { ...axis, size: 30, values: (plot, splits) => splits.map((split) => (Number.isInteger(split) ? count(split) : '')) },
        { ...axis, size: 50, values: (plot, splits) => splits.map((split) => (this.kind.share() ? `${Math.round(100 * split)} %` : String(Number(split.toPrecision(6))))) },
      ],
      series: [{}, ...this.names.map((name, i) => this.seriesOptions(name, i))],
      plugins: [marks(() => this.marked, color)],
      hooks: {
        setSelect: [(plot) => {
          const { left, width } = plot.select;
          if (width < 3) return;
          this.zoom.set({ min: plot.posToVal(left, 'x'), max: plot.posToVal(left + width, 'x') });
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        }],
        setCursor: [() => this.readLegend()],
      },
    };
  }

  /** Some room above for the marks of verdicts; shares are never shown beyond what a share can be. */
  yRange(low, high) {
    if (low === null || high === null) return [0, 1];
    const room = (high - low || Math.abs(high) || 1) * 0.08;
    const min = low >= 0 ? Math.max(0, low - room) : low - room;
    return this.kind.share() ? [min, Math.min(1.08, high + 2 * room)] : [min, high + 2 * room];
  }

  seriesOptions(name, i) {
    const stroke = color(hue(name, i));
    const dots = name === DOTS;
    return {
      label: seriesName(name),
      show: !settings.hidden[this.hiddenKey(name)],
      stroke,
      width: dots ? 0 : 1.7,
      spanGaps: true,
      paths: dots ? () => null : undefined,
      alpha: dots ? 0.55 : 1,
      points: dots
        ? { show: true, size: 3.5, fill: stroke, width: 0 }
        : { show: (plot) => plot.data[0].length < 60, size: 5, fill: stroke },
    };
  }

  hiddenKey(name) {
    return `${this.kind.name}/${name}`;
  }

  legendEntry(name, i) {
    const value = el('span', { class: 'value' });
    const mark = el('i');
    mark.style.color = color(hue(name, i));
    return el('button', {
      type: 'button',
      'aria-pressed': String(!settings.hidden[this.hiddenKey(name)]),
      onclick: (event) => {
        const key = this.hiddenKey(name);
        settings.hidden[key] = !settings.hidden[key];
        save();
        event.currentTarget.setAttribute('aria-pressed', String(!settings.hidden[key]));
        this.plot.setSeries(i + 1, { show: !settings.hidden[key] });
      },
    }, mark, seriesName(name), value);
  }

  /** The values under the pointer, else the newest. */
  readLegend() {
    const at = this.plot?.cursor.idx;
    this.data.series.forEach((series, i) => {
      const value = at !== null && at !== undefined && this.plot.cursor.left >= 0
        ? series.values[at]
        : series.values.findLast((one) => one !== null);
      const entry = this.legend.children[i]?.querySelector('.value');
      if (entry) entry.textContent = this.shown(value);
    });
  }

  shown(value) {
    if (value === null || value === undefined) return '–';
    return this.kind.share() ? percent(value) : number(value);
  }

  describe() {
    const { x, series, points, thinned } = this.data;
    this.note.textContent = thinned ? `${count(points)} points, minimum and maximum per pixel` : `${count(points)} points`;
    const newest = series.map((one) => `${seriesName(one.name)} ${this.shown(one.values.findLast((value) => value !== null))}`);
    this.box.setAttribute('aria-label',
      `${this.kind.title}, steps ${count(x[0])} to ${count(x[x.length - 1])}. Newest: ${newest.join(', ')}. The values are in the table below.`);
    this.readLegend();
  }

  fillTable() {
    if (!this.table.open) return;
    const { x, series } = this.data;
    const first = Math.max(0, x.length - TABLE_ROWS);
    const rows = [];
    for (let i = x.length - 1; i >= first; i--) {
      rows.push(el('tr', {}, el('td', {}, count(x[i])), series.map((one) => el('td', {}, this.shown(one.values[i])))));
    }
    this.cells.replaceChildren(el('table', {},
      el('caption', { class: 'hidden' }, `${this.kind.title}, newest first`),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'step'), series.map((one) => el('th', { scope: 'col' }, seriesName(one.name))))),
      el('tbody', {}, rows)));
  }

  key(event) {
    if (!this.plot || event.ctrlKey || event.metaKey || event.altKey) return;
    const { min, max } = this.plot.scales.x;
    const span = max - min;
    const moves = {
      '+': () => ({ min: min + span / 4, max: max - span / 4 }),
      '=': () => ({ min: min + span / 4, max: max - span / 4 }),
      '-': () => ({ min: min - span / 2, max: max + span / 2 }),
      ArrowLeft: () => ({ min: min - span / 4, max: max - span / 4 }),
      ArrowRight: () => ({ min: min + span / 4, max: max + span / 4 }),
      0: () => null,
      Escape: () => null,
    };
    if (moves[event.key]) {
      event.preventDefault();
      this.zoom.set(moves[event.key]());
    }
  }

  resize() {
    if (this.plot) this.plot.setSize({ width: Math.max(220, this.box.clientWidth), height: HEIGHT });
  }

  /** Colours are read when a chart is made. */
  repaint() {
    if (!this.plot) return;
    this.rebuild(this.names);
    this.update(this.data, this.marked);
  }
}
