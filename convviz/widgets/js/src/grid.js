/** One feature map or kernel as a grid of cells, changed in place wherever that is possible. */

import { element, setAttribute } from "./dom.js";
import { exact, hueOf, tiny } from "./numerals.js";

/**
 * @typedef {object} CellState what a cell shows
 * @property {number} value
 * @property {boolean} [padding]
 * @property {boolean} [unread]
 * @property {boolean} [later] an output that the kernel has not reached yet
 *
 * @typedef {{el: HTMLElement, value?: number, padding?: boolean, unread?: boolean,
 *   later?: boolean}} DrawnCell
 */

export class CellGrid {
  /**
   * @param {import("./highlight.js").Cell["grid"]} kind
   * @param {number} channel
   */
  constructor(kind, channel) {
    this.kind = kind;
    this.channel = channel;
    this.el = element("div", "convviz-grid");
    this.el.setAttribute("role", "grid");
    /** @type {Map<number, {el: HTMLElement, cells: Map<number, DrawnCell>}>} */
    this.rows = new Map();
    this.frame = element("div", "convviz-frame");
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
    syncRange(this.el, this.rows, top, bottom, () => {
      const el = element("div", "convviz-row");
      el.setAttribute("role", "row");
      return { el, cells: new Map() };
    });
    let longest = 1;
    for (const [r, row] of this.rows) {
      syncRange(row.el, row.cells, left, right, (s) => ({ el: this.#makeCell(r, s) }));
      for (const [s, cell] of row.cells) {
        show(cell, stateOf(r, s));
        longest = Math.max(longest, cell.el.textContent?.length ?? 0);
      }
    }
    this.el.style.setProperty("--columns", String(right - left));
    this.el.style.setProperty("--characters", String(longest));
    if (!this.el.querySelector("[tabindex='0']")) this.cellAt(top, left)?.setAttribute("tabindex", "0");
  }

  /** Show no cell at all. */
  clear() {
    this.outline(null);
    this.update({ top: 0, bottom: 0, left: 0, right: 0 }, () => ({ value: 0 }));
  }

  /** Give every cell the colour of the weight that stands in the same place. */
  colour() {
    const [rows, columns] = [this.rows.size, this.rows.get(0)?.cells.size ?? 0];
    for (const [u, { cells }] of this.rows) {
      for (const [v, { el }] of cells) {
        el.style.setProperty("--hue", String(hueOf(u * columns + v, rows * columns)));
      }
    }
  }

  /** @param {number} row @param {number} col */
  cellAt(row, col) {
    return this.rows.get(row)?.cells.get(col)?.el;
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
    const { style } = this.frame;
    style.setProperty("--row", String(window.row - (this.top ?? 0)));
    style.setProperty("--col", String(window.col - (this.left ?? 0)));
    style.setProperty("--rows", String(window.rows));
    style.setProperty("--cols", String(window.cols));
    if (!this.frame.parentElement) this.el.append(this.frame);
  }

  /** @param {number} r @param {number} s */
  #makeCell(r, s) {
    const el = element("div", "convviz-cell");
    el.setAttribute("role", "gridcell");
    el.dataset.grid = this.kind;
    el.dataset.channel = String(this.channel);
    el.dataset.row = String(r);
    el.dataset.col = String(s);
    el.dataset.lmSuppressShortcuts = "true";
    el.tabIndex = -1;
    return el;
  }
}

/** @param {DrawnCell} cell @param {CellState} state */
function show(cell, { value, padding = false, unread = false, later = false }) {
  if (cell.value !== value) {
    cell.value = value;
    const shown = tiny(value);
    cell.el.textContent = shown;
    cell.el.dataset.value = String(value);
    if (shown === exact(value)) cell.el.removeAttribute("title");
    else cell.el.title = exact(value);
  }
  cell.padding = flag(cell.el, "padding", cell.padding, padding);
  cell.unread = flag(cell.el, "unread", cell.unread, unread);
  cell.later = flag(cell.el, "later", cell.later, later);
}

/** @param {HTMLElement} el @param {string} name @param {boolean | undefined} old @param {boolean} now */
function flag(el, name, old, now) {
  if (!!old !== now) el.toggleAttribute(`data-${name}`, now);
  return now;
}

/**
 * Make `parent` hold the children numbered [from, to) in order, keeping those that it has.
 *
 * @template {{el: HTMLElement}} T
 * @param {HTMLElement} parent
 * @param {Map<number, T>} children
 * @param {number} from
 * @param {number} to
 * @param {(k: number) => T} make
 */
function syncRange(parent, children, from, to, make) {
  for (const [k, child] of children) {
    if (k >= from && k < to) continue;
    child.el.remove();
    children.delete(k);
  }
  const kept = [...children.keys()];
  const [first, last] = kept.length ? [Math.min(...kept), Math.max(...kept)] : [to, to - 1];
  for (let k = first - 1; k >= from; k--) {
    const child = make(k);
    children.set(k, child);
    parent.prepend(child.el);
  }
  for (let k = last + 1; k < to; k++) {
    const child = make(k);
    children.set(k, child);
    parent.append(child.el);
  }
}
