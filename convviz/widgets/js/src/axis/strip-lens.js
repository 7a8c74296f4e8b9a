/** The cells around the window, large enough to read: input above, output below. */

import { text } from "../core/catalogue.js";
import { element, setAttribute, svg } from "../page/dom.js";
import { readersOf } from "../core/geometry.js";
import { exact, hueOf } from "../core/numerals.js";
import { windowEdges } from "./strip-layout.js";
import { isPadding } from "./strip-words.js";

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 * @typedef {import("./strip-layout.js").Lens} Lens
 * @typedef {import("./strip-layout.js").Page} Page
 * @typedef {{el: HTMLElement, index: HTMLElement}} DrawnCell
 */

/** Between input and output: the height, and how far the brackets hang down. */
const BETWEEN = 46;
const BRACKETS = { [-1]: 7, [1]: 13 };

export class LensView {
  constructor() {
    this.indices = element("div", "convviz-lens-indices");
    this.indices.setAttribute("aria-hidden", "true");
    this.inputs = row(text("axis_input_label"));
    this.between = svg("svg", { class: "convviz-lens-between", "aria-hidden": "true" });
    this.outputs = row(text("axis_output_label"));
    this.frame = element("div", "convviz-lens-frame");
    this.frame.setAttribute("aria-hidden", "true");
    this.inputs.el.append(this.frame);
    this.el = element("div", "convviz-lens", this.indices, this.inputs.el, this.outputs.el);
    this.el.insertBefore(this.between, this.outputs.el);
    this.cone = svg("path", { class: "convviz-cone" });
    this.brackets = svg("path", { class: "convviz-bracket" });
    this.fan = svg("g", { class: "convviz-fan" });
    this.between.append(this.cone, this.brackets, this.fan);
    /** @type {DrawnCell[]} */
    this.inputCells = [];
    /** @type {HTMLElement[]} */
    this.outputCells = [];
  }

  /**
   * Show these cells.
   *
   * @param {Axis} axis @param {Lens} lens @param {Page} page
   * @param {Set<number>} unread places that no output reads
   */
  setPage(axis, lens, page, unread) {
    this.axis = axis;
    this.lens = lens;
    this.page = page;
    const { cell, count } = lens;
    const width = count * cell;
    const { style } = this.el;
    style.setProperty("--cell", `${cell}px`);
    style.setProperty("--count", String(count));
    setLongest(this.inputs.el, axis.kernel - 1);
    setLongest(this.outputs.el, axis.output - 1);
    for (const [name, value] of Object.entries({ width, height: BETWEEN, viewBox: `0 0 ${width} ${BETWEEN}` })) {
      setAttribute(this.between, name, String(value));
    }
    this.#matchCells(page);
    page.places.forEach((place, slot) => {
      const { el, index } = this.inputCells[slot];
      const r = place === null ? null : place - axis.before;
      setIndex(el, "input", r);
      const name = r === null ? "" : exact(r);
      if (index.textContent !== name) index.textContent = name;
      el.toggleAttribute("data-padding", r !== null && isPadding(axis, r));
      el.toggleAttribute("data-unread", place !== null && unread.has(place));
      el.toggleAttribute("data-cut", r === null);
    });
    page.outputs.forEach(({ i, x }, k) => {
      const el = this.outputCells[k];
      setIndex(el, "output", i);
      el.textContent = String(i);
      el.style.left = `${x - cell / 2}px`;
    });
  }

  /** Show nothing: there is no output. */
  clear() {
    this.page = { places: [], outputs: [] };
    this.#matchCells(this.page);
  }

  /** Light what output i reads. @param {number} i */
  showOutput(i) {
    const { axis, lens, page } = this.#drawn();
    const start = i * axis.stride;
    page.places.forEach((place, slot) => {
      const offset = place === null ? -1 : place - start;
      const read = offset >= 0 && offset < axis.span && offset % axis.dilation === 0;
      const u = read ? offset / axis.dilation : null;
      const { el } = this.inputCells[slot];
      light(el, u, axis.kernel);
      el.toggleAttribute("data-active", u !== null);
      const shown = place === null ? "⋯" : u === null ? "" : String(u);
      if (el.textContent !== shown) el.textContent = shown;
    });
    page.outputs.forEach(({ i: k }, slot) => {
      const el = this.outputCells[slot];
      light(el, null, axis.kernel);
      el.toggleAttribute("data-active", k === i);
    });
    this.fan.replaceChildren();
    const [left, right] = windowEdges(axis, lens, page, i);
    this.frame.hidden = false;
    this.frame.style.left = `${left}px`;
    this.frame.style.width = `${right - left}px`;
    const x = page.outputs.find((output) => output.i === i)?.x ?? 0;
    const half = lens.cell / 2;
    setAttribute(this.cone, "d", `M${left} 0H${right}L${x + half} ${BETWEEN}H${x - half}Z`);
    setAttribute(this.brackets, "d", this.#bracket(i, -1) + this.#bracket(i, 1));
  }

  /** Light the outputs that read input index r. @param {number} r */
  showInput(r) {
    const { axis, lens, page } = this.#drawn();
    const readers = new Map(readersOf(axis, r).map(({ i, u }) => [i, u]));
    const slot = page.places.indexOf(r + axis.before);
    this.inputCells.forEach(({ el }, k) => {
      light(el, null, axis.kernel);
      el.toggleAttribute("data-active", k === slot);
      el.textContent = page.places[k] === null ? "⋯" : "";
    });
    const from = (slot + 0.5) * lens.cell;
    /** @type {SVGElement[]} */
    const fan = [];
    page.outputs.forEach(({ i, x }, k) => {
      const u = readers.get(i) ?? null;
      light(this.outputCells[k], u, axis.kernel);
      this.outputCells[k].toggleAttribute("data-active", u !== null);
      if (u === null) return;
      const line = svg("path", { d: `M${from} 0L${x} ${BETWEEN}` });
      line.style.setProperty("--hue", String(hueOf(u, axis.kernel)));
      fan.push(line);
    });
    this.fan.replaceChildren(...fan);
    this.frame.hidden = true;
    setAttribute(this.cone, "d", "");
    setAttribute(this.brackets, "d", "");
  }

  /** Whether the lens shows this cell now. @param {"input" | "output"} grid @param {number} index */
  holds(grid, index) {
    if (!this.page) return false;
    const { axis, page } = this.#drawn();
    if (grid === "input") return page.places.includes(index + axis.before);
    return page.outputs.some(({ i }) => i === index);
  }

  /** The window a step away, as a bracket with its output below. @param {number} i @param {1 | -1} step */
  #bracket(i, step) {
    const { axis, lens, page } = this.#drawn();
    const output = page.outputs.find((other) => other.i === i + step);
    if (!output) return "";
    const [left, right] = windowEdges(axis, lens, page, i + step);
    const y = BRACKETS[step];
    return `M${left + 2} 2V${y}H${right - 2}V2M${output.x} ${y}V${BETWEEN}`;
  }

  /** As many elements as there are cells; those that exist are used again. @param {Page} page */
  #matchCells({ places, outputs }) {
    while (this.inputCells.length > places.length) {
      const { el, index } = /** @type {DrawnCell} */ (this.inputCells.pop());
      el.remove();
      index.remove();
    }
    while (this.inputCells.length < places.length) {
      const [el, index] = [makeCell(), element("span", "")];
      this.inputs.row.append(el);
      this.indices.append(index);
      this.inputCells.push({ el, index });
    }
    while (this.outputCells.length > outputs.length) this.outputCells.pop()?.remove();
    while (this.outputCells.length < outputs.length) {
      const el = makeCell();
      this.outputs.row.append(el);
      this.outputCells.push(el);
    }
    for (const { row: cells } of [this.inputs, this.outputs]) {
      if (!cells.querySelector("[tabindex='0']")) cells.firstElementChild?.setAttribute("tabindex", "0");
    }
  }

  #drawn() {
    return /** @type {{axis: Axis, lens: Lens, page: Page}} */ (/** @type {unknown} */ (this));
  }
}

/** How long the longest number in a row is. @param {HTMLElement} row @param {number} largest */
function setLongest(row, largest) {
  row.style.setProperty("--characters", String(String(largest).length));
}

/** @param {string} name */
function row(name) {
  const cells = element("div", "convviz-row");
  cells.setAttribute("role", "row");
  const el = element("div", "convviz-lens-row", cells);
  el.setAttribute("role", "grid");
  el.setAttribute("aria-label", name);
  return { el, row: cells };
}

function makeCell() {
  const el = element("div", "convviz-cell");
  el.setAttribute("role", "gridcell");
  el.dataset.lmSuppressShortcuts = "true";
  // To pointing.js a strip is a grid of one channel and one row.
  el.dataset.channel = "0";
  el.dataset.row = "0";
  el.tabIndex = -1;
  return el;
}

/** @param {HTMLElement} el @param {"input" | "output"} grid @param {number | null} index */
function setIndex(el, grid, index) {
  if (index === null) {
    for (const name of ["grid", "index", "col"]) delete el.dataset[name];
    el.removeAttribute("aria-label");
    return;
  }
  if (el.dataset.index === String(index)) return;
  el.dataset.grid = grid;
  el.dataset.index = String(index);
  el.dataset.col = String(index);
  el.setAttribute("aria-label", exact(index));
}

/** Give a cell the colour of kernel cell u, or none. @param {HTMLElement} el @param {number | null} u @param {number} kernel */
function light(el, u, kernel) {
  el.toggleAttribute("data-coloured", u !== null);
  if (u === null) el.style.removeProperty("--hue");
  else el.style.setProperty("--hue", String(hueOf(u, kernel)));
}
