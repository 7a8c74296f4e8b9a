/** One feature map or kernel as a grid of cells, changed in place wherever that is possible. */

import { element, setAttribute } from "./dom.js";
import { exact, hueOf, tiny } from "../core/numerals.js";

/**
 * @typedef {object} CellState what a cell shows
 * @property {number | null} value null is not shown yet
 * @property {boolean} [padding]
 * @property {boolean} [unread]
 * @property {boolean} [later] an output that the kernel has not reached yet
 * @property {Heat} [heat] how often it is read, where that is shown
 *
 * @typedef {{count: number, share: number}} Heat the share is that of the cell read most often
 *
 * @typedef {{el: HTMLElement, length: number} & Partial<CellState>} DrawnCell
 * @typedef {{el: HTMLElement, cells: Children<DrawnCell>}} DrawnRow
 */

/** @template {{el: HTMLElement}} T @typedef {{shown: Map<number, T>, spare: Map<number, T>}} Children */

const HIDDEN = "?";

export class CellGrid {
  /** @type {Children<DrawnRow>} */
  #rows = { shown: new Map(), spare: new Map() };
  #template;
  /** @type {HTMLElement | undefined} the one cell that Tab reaches */
  #tabStop;

  /**
   * @param {string} kind
   * @param {number} channel
   */
  constructor(kind, channel) {
    this.el = element("div", "convviz-grid");
    this.el.setAttribute("role", "grid");
    this.#template = element("div", "convviz-cell");
    this.#template.setAttribute("role", "gridcell");
    this.#template.dataset.grid = kind;
    this.#template.dataset.channel = String(channel);
    this.#template.dataset.lmSuppressShortcuts = "true";
    this.#template.tabIndex = -1;
    this.frame = element("div", "convviz-frame");
    this.el.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLElement && target.dataset.grid) this.moveTabStop(target);
    });
  }

  /** @param {string} label what a screen reader calls the grid */
  setLabel(label) {
    setAttribute(this.el, "aria-label", label);
  }

  /**
   * Show rows [top, bottom) and columns [left, right), every cell as `stateOf` tells.
   *
   * @param {{top: number, bottom: number, left: number, right: number}} extent
   * @param {(row: number, col: number) => CellState} stateOf
   */
  update({ top, bottom, left, right }, stateOf) {
    this.top = top;
    this.left = left;
    syncRange(this.el, this.#rows, top, bottom, makeRow);
    let longest = 1;
    for (const [r, row] of this.#rows.shown) {
      syncRange(row.el, row.cells, left, right, (s) => this.#makeCell(r, s));
      for (const [s, cell] of row.cells.shown) {
        show(cell, stateOf(r, s));
        if (cell.length > longest) longest = cell.length;
      }
    }
    setNumber(this.el, "--columns", right - left);
    setNumber(this.el, "--characters", longest);
    if (!this.#tabStop?.isConnected) this.moveTabStop(this.cellAt(top, left));
  }

  /** Show no cell at all. */
  clear() {
    this.outline(null);
    this.update({ top: 0, bottom: 0, left: 0, right: 0 }, () => ({ value: 0 }));
  }

  /** Give every cell the colour of the weight that stands in the same place. */
  colour() {
    const [rows, columns] = [this.#rows.shown.size, this.#rows.shown.get(0)?.cells.shown.size ?? 0];
    for (const [u, { cells }] of this.#rows.shown) {
      for (const [v, { el }] of cells.shown) setNumber(el, "--hue", hueOf(u * columns + v, rows * columns));
    }
  }

  /** @param {number} row @param {number} col */
  cellAt(row, col) {
    return this.#rows.shown.get(row)?.cells.shown.get(col)?.el;
  }

  /** The cell there, even if it is out of sight now. @param {number} row @param {number} col */
  keptAt(row, col) {
    const cells = find(this.#rows, row)?.cells;
    return cells && find(cells, col)?.el;
  }

  /** @param {HTMLElement | undefined} el the cell that Tab shall reach from now on */
  moveTabStop(el) {
    if (this.#tabStop) this.#tabStop.tabIndex = -1;
    if (el) el.tabIndex = 0;
    this.#tabStop = el;
  }

  /**
   * Outline the cells from (row, col) on, or nothing.
   *
   * @param {{row: number, col: number, rows: number, cols: number} | null} window
   */
  outline(window) {
    if (!window) {
      this.frame.remove();
      return;
    }
    setNumber(this.frame, "--row", window.row - (this.top ?? 0));
    setNumber(this.frame, "--col", window.col - (this.left ?? 0));
    setNumber(this.frame, "--rows", window.rows);
    setNumber(this.frame, "--cols", window.cols);
    if (!this.frame.parentElement) this.el.append(this.frame);
  }

  /** @param {number} r @param {number} s @returns {DrawnCell} */
  #makeCell(r, s) {
    const el = /** @type {HTMLElement} */ (this.#template.cloneNode());
    el.dataset.row = String(r);
    el.dataset.col = String(s);
    return { el, length: 0 };
  }
}

/** A grid under its caption. @param {HTMLElement} caption @param {CellGrid} grid */
export function map(caption, grid) {
  return element("figure", "convviz-map", caption, grid.el);
}

/** @returns {DrawnRow} */
function makeRow() {
  const el = element("div", "convviz-row");
  el.setAttribute("role", "row");
  return { el, cells: { shown: new Map(), spare: new Map() } };
}

/** @param {number} from @param {number} to */
function range(from, to) {
  return Array.from({ length: to - from }, (_, k) => from + k);
}

/** @param {DrawnCell} cell @param {CellState} state */
function show(cell, { value, padding = false, unread = false, later = false, heat }) {
  if (cell.value !== value) showValue(cell, value);
  if (!!cell.padding !== padding) cell.el.toggleAttribute("data-padding", (cell.padding = padding));
  if (!!cell.unread !== unread) cell.el.toggleAttribute("data-unread", (cell.unread = unread));
  if (!!cell.later !== later) cell.el.toggleAttribute("data-later", (cell.later = later));
  if (cell.heat?.count !== heat?.count || cell.heat?.share !== heat?.share) showHeat(cell, heat);
}

/** @param {DrawnCell} cell @param {Heat | undefined} heat */
function showHeat(cell, heat) {
  cell.heat = heat;
  if (heat) {
    cell.el.dataset.count = String(heat.count);
    setNumber(cell.el, "--share", heat.share);
  } else {
    delete cell.el.dataset.count;
    cell.el.style.removeProperty("--share");
  }
}

/** @param {DrawnCell} cell @param {number | null} value */
function showValue(cell, value) {
  const { el } = cell;
  const [shown, all] = value === null ? [HIDDEN, HIDDEN] : [tiny(value), exact(value)];
  cell.value = value;
  cell.length = shown.length;
  // A text node of its own is quicker to change than textContent, which makes a new one.
  if (el.firstChild instanceof Text) el.firstChild.data = shown;
  else el.append(shown);
  if (value === null) delete el.dataset.value;
  else el.dataset.value = String(value);
  if (shown !== all) el.title = all;
  else if (el.title) el.removeAttribute("title");
}

/** @param {HTMLElement} el @param {string} name of a custom property @param {number} value */
function setNumber(el, name, value) {
  const wanted = String(value);
  if (el.style.getPropertyValue(name) !== wanted) el.style.setProperty(name, wanted);
}

/** @template {{el: HTMLElement}} T @param {Children<T>} children @param {number} k */
function find({ shown, spare }, k) {
  return shown.get(k) ?? spare.get(k);
}

/**
 * Make `parent` show the children numbered [from, to) in order. Those that go out of sight are
 * kept, since a slider brings them back.
 *
 * @template {{el: HTMLElement}} T
 * @param {HTMLElement} parent
 * @param {Children<T>} children
 * @param {number} from
 * @param {number} to
 * @param {(k: number) => T} make
 */
function syncRange(parent, { shown, spare }, from, to, make) {
  for (const [k, child] of shown) {
    if (k >= from && k < to) continue;
    child.el.remove();
    shown.delete(k);
    spare.set(k, child);
  }
  const [first, last] = shown.size ? [Math.min(...shown.keys()), Math.max(...shown.keys())] : [to, to - 1];
  const take = (/** @type {number} */ k) => {
    const child = spare.get(k) ?? make(k);
    spare.delete(k);
    shown.set(k, child);
    return child.el;
  };
  if (from < first) parent.prepend(...range(from, first).map(take));
  if (last + 1 < to) parent.append(...range(last + 1, to).map(take));
}
