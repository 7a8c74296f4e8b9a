/** The whole picture: from a scene and what is pointed at, to the page. It decides nothing. */

import { text } from "./catalogue.js";
import { ChannelRow, map } from "./channel-row.js";
import { firstChannel, trace } from "./convolution.js";
import { element, setAttribute } from "./dom.js";
import { CellGrid } from "./grid.js";
import { cellOf, litBy, reads } from "./highlight.js";
import { cellSize } from "./layout.js";
import { exact, hueOf, tiny } from "./numerals.js";
import { alertBox, contributions, formulaLines, legend, sumLine } from "./sentence-lines.js";
import { goesInto, leftOver, problems, readsSentence, usedBy } from "./words.js";

/**
 * @typedef {import("./convolution.js").Scene} Scene
 * @typedef {import("./highlight.js").Cell} Cell
 * @typedef {import("./highlight.js").Lit} Lit
 * @typedef {{c_out: number, i: number, j: number}} Shown the output cell that is taken apart
 */

/** A cell of fewer CSS pixels has no room for a second number. */
const SMALL = 30;

export class Picture {
  constructor() {
    this.formula = element("div", "convviz-formula");
    this.messages = element("div", "convviz-messages");
    this.channels = element("div", "convviz-channels");
    this.outputs = element("div", "convviz-outputs");
    this.sum = element("p", "convviz-sum");
    this.note = element("p", "convviz-note");
    this.contributions = element("p", "convviz-contributions");
    this.legend = element("p", "convviz-legend");
    this.spoken = element("div", "convviz-spoken");
    this.spoken.setAttribute("role", "status");
    const grids = element("div", "convviz-picture", this.channels, this.outputs);
    const words = [this.sum, this.legend, this.note, this.contributions, this.spoken];
    this.el = element("div", "convviz-explorer", this.formula, this.messages, grids, ...words);
    this.el.setAttribute("role", "group");
    this.el.setAttribute("aria-label", text("explorer"));
    /** @type {ChannelRow[]} */
    this.rows = [];
    /** @type {{el: HTMLElement, caption: HTMLElement, grid: CellGrid}[]} */
    this.maps = [];
    /** @type {Lit} */
    this.lit = new Map();
    this.shownChannel = -1;
  }

  /**
   * Draw a new scene: a setting or a number has changed.
   *
   * @param {Scene} scene
   */
  setScene(scene) {
    this.scene = scene;
    this.#unlight();
    this.#matchChannels(scene);
    for (const row of this.rows) row.setScene(scene);
    this.formula.replaceChildren(...formulaLines(scene));
    this.#drawMessages(scene);
    const padded = scene.padded[0].length * scene.padded[0][0].length;
    this.legend.replaceChildren(
      ...legend({
        padding: padded > scene.height.input * scene.width.input,
        unread: leftOver(scene.height, "height") + leftOver(scene.width, "width") !== "",
      }),
    );
    this.outputs.hidden = !scene.fits;
    if (scene.fits) this.el.dataset.outputSize = `${scene.height.output}x${scene.width.output}`;
    else delete this.el.dataset.outputSize;
    this.setWidth(this.width ?? 0);
  }

  /**
   * Take one output cell apart, and light what belongs to the cell that is pointed at.
   *
   * @param {Shown} shown the output cell that the kernel stands on
   * @param {Cell} focus the cell pointed at; the output cell itself if there is no other
   * @param {number} reached the row-major index of the last output cell that is made already
   */
  setFocus(shown, focus, reached) {
    const scene = /** @type {Scene} */ (this.scene);
    if (shown.c_out !== this.shownChannel) this.#unlight();
    this.shownChannel = shown.c_out;
    for (const row of this.rows) row.setKernel(scene, shown.c_out);
    if (!scene.fits) {
      this.#clear(scene);
      return;
    }
    const taken = trace(scene, shown.c_out, shown.i, shown.j);
    for (const row of this.rows) {
      row.setProducts(taken.parts.find(({ channel }) => channel === row.channel));
      const onKernel = focus.grid !== "input" && reads(scene, shown.c_out, row.channel);
      row.outline(scene, onKernel ? shown : null);
    }
    this.#drawOutputs(scene, shown.c_out, reached);
    this.#light(litBy(scene, focus, shown), focus);
    this.sum.replaceChildren(...sumLine(taken, shown));
    this.#explain(scene, shown, focus);
  }

  /** @param {number} width room for the picture, in CSS pixels */
  setWidth(width) {
    this.width = width;
    if (!this.scene || width === 0) return;
    const { padded, kernel, output } = this.scene.width;
    const rows = this.rows.length * this.scene.height.padded;
    const cell = cellSize(width, { input: padded, kernel, output }, rows);
    this.el.style.setProperty("--cell", `${cell}px`);
    this.el.toggleAttribute("data-small", cell < SMALL);
  }

  /** @param {Cell["grid"]} grid @param {number} channel */
  gridOf(grid, channel) {
    return grid === "output" ? this.maps[channel]?.grid : this.rows[channel]?.[grid];
  }

  /** @param {Cell} cell */
  holds({ grid, channel, row, col }) {
    return this.gridOf(grid, channel)?.cellAt(row, col) !== undefined;
  }

  /** @param {Scene} scene */
  #matchChannels({ layer }) {
    while (this.rows.length > layer.input.length) this.rows.pop()?.el.remove();
    while (this.rows.length < layer.input.length) {
      const row = new ChannelRow(this.rows.length);
      this.channels.append(row.el);
      this.rows.push(row);
    }
    while (this.maps.length > layer.weight.length) this.maps.pop()?.el.remove();
    while (this.maps.length < layer.weight.length) {
      const channel = this.maps.length;
      const grid = new CellGrid("output", channel);
      grid.setLabel(text("output_label", { channel }));
      const caption = element("figcaption", "");
      // Pointing changes which channel is shown; what is pointed at must not move then.
      caption.dataset.widest = text("output_channel_shown", { channel });
      const el = map(caption, grid);
      this.outputs.append(el);
      this.maps.push({ el, caption, grid });
    }
  }

  /** @param {Scene} scene */
  #drawMessages(scene) {
    const found = problems(scene);
    this.messages.replaceChildren(...(found.length > 0 ? [alertBox(found)] : []));
  }

  /** Without an output there is nothing to take apart. @param {Scene} scene */
  #clear(scene) {
    for (const row of this.rows) {
      row.setProducts(undefined);
      row.outline(scene, null);
    }
    for (const { grid } of this.maps) grid.clear();
    for (const line of [this.sum, this.note, this.contributions, this.spoken]) line.replaceChildren();
    setAttribute(this.el, "data-focus", "none");
  }

  /** @param {Scene} scene @param {number} c_out @param {number} reached */
  #drawOutputs({ output, height, width }, c_out, reached) {
    const extent = { top: 0, bottom: height.output, left: 0, right: width.output };
    this.maps.forEach(({ grid, caption, el }, channel) => {
      const shown = channel === c_out && this.maps.length > 1;
      caption.textContent = text(shown ? "output_channel_shown" : "output_channel", { channel });
      el.toggleAttribute("data-shown", shown);
      grid.update(extent, (i, j) => ({
        value: output[channel][i][j],
        later: i * width.output + j > reached,
      }));
    });
  }

  /** @param {Lit} lit @param {Cell} focus */
  #light(lit, focus) {
    for (const key of this.lit.keys()) if (!lit.has(key)) this.#setLit(key, false, null);
    for (const [key, weight] of lit) {
      if (!this.lit.has(key) || this.lit.get(key) !== weight) this.#setLit(key, true, weight);
    }
    this.lit = lit;
    if (focus.grid === "input") this.#nameWeights(focus.channel);
    setAttribute(this.el, "data-focus", focus.grid);
  }

  /** On every output cell lit by an input cell: the weight that it meets. @param {number} c_in */
  #nameWeights(c_in) {
    const { layer, width } = /** @type {Scene} */ (this.scene);
    for (const [key, k] of this.lit) {
      const { grid, channel, row, col } = cellOf(key);
      if (grid !== "output" || k === null) continue;
      const kernel = layer.weight[channel][c_in - firstChannel(layer, channel)];
      const weight = kernel[Math.floor(k / width.kernel)][k % width.kernel];
      const el = this.gridOf("output", channel)?.cellAt(row, col);
      if (el) el.dataset.times = `×${tiny(weight)}`;
    }
  }

  #unlight() {
    for (const key of this.lit.keys()) this.#setLit(key, false, null);
    this.lit = new Map();
  }

  /** @param {string} key @param {boolean} on @param {number | null} weight */
  #setLit(key, on, weight) {
    const { grid, channel, row, col } = cellOf(key);
    const el = this.gridOf(grid, channel)?.cellAt(row, col);
    if (!el) return;
    el.toggleAttribute("data-active", on);
    if (grid === "kernel" || grid === "product") return;
    if (weight === null) el.style.removeProperty("--hue");
    else el.style.setProperty("--hue", String(hueOf(weight, this.#kernelCells())));
    el.toggleAttribute("data-coloured", weight !== null);
    delete el.dataset.times;
  }

  #kernelCells() {
    return this.scene ? this.scene.height.kernel * this.scene.width.kernel : 1;
  }

  /** @param {Scene} scene @param {Shown} shown @param {Cell} focus */
  #explain(scene, shown, focus) {
    const { c_out, i, j } = shown;
    const { grid, channel, row, col } = focus;
    this.contributions.replaceChildren();
    if (grid === "input") {
      this.note.textContent = goesInto(scene, focus, c_out);
      if (reads(scene, c_out, channel)) {
        this.contributions.replaceChildren(...contributions(scene, channel, row, col, c_out));
      }
    } else if (grid === "kernel") {
      this.note.textContent = usedBy(scene, focus, c_out);
    } else {
      this.note.textContent = readsSentence(scene, c_out, i, j);
    }
    const value = exact(scene.output[c_out][i][j]);
    this.spoken.textContent =
      grid === "input" || grid === "kernel"
        ? this.note.textContent
        : text("spoken_output", { c_out, i, j, value });
  }
}
