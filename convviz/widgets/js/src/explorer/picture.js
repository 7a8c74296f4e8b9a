/** The whole picture: from a scene and what is pointed at, to the page. It decides nothing. */

import { text } from "../core/catalogue.js";
import { ChannelRow } from "./channel-row.js";
import { firstChannel, trace } from "../core/convolution.js";
import { element, setAttribute } from "../page/dom.js";
import { FormulaLines } from "../page/formula-lines.js";
import { CellGrid, map } from "../page/grid.js";
import { cellOf, litBy, reads } from "../core/highlight.js";
import { cellSize } from "./layout.js";
import { exact, hueOf, tiny } from "../core/numerals.js";
import { alertBox, contributions, legend, sumLine } from "../page/sentence-lines.js";
import { litByTerm, termSentence } from "./terms.js";
import { costs, goesInto, leftOver, problems, readsSentence, tooLarge, usedBy } from "../core/words.js";

/**
 * @typedef {import("../core/convolution.js").Scene} Scene
 * @typedef {import("./fixes.js").Fix} Fix
 * @typedef {import("../core/highlight.js").Cell} Cell
 * @typedef {import("../core/highlight.js").Lit} Lit
 * @typedef {import("./terms.js").Term} Term
 * @typedef {{c_out: number, i: number, j: number}} Shown the output cell that is taken apart
 *
 * @typedef {object} Look how a scene is to be shown
 * @property {boolean} heat whether each input cell says how often it is read
 * @property {boolean} sizeVeiled whether the size of the output stays hidden, and all that tells it
 * @property {(shown: Shown) => boolean} valueVeiled whether the value of an output cell stays hidden
 */

/** A cell of fewer CSS pixels has no room for a second number. */
const SMALL = 30;

export class Picture {
  /** @type {Scene | undefined} */
  scene;
  /** @type {Look} */
  #look = { heat: false, sizeVeiled: false, valueVeiled: () => false };
  /** @type {ChannelRow[]} */
  #rows = [];
  /** @type {{el: HTMLElement, caption: HTMLElement, grid: CellGrid}[]} */
  #maps = [];
  /** @type {Lit} */
  #lit = new Map();
  #shownChannel = -1;
  #width = 0;
  /** The tallest and widest that the rows of cells were: what the size of a cell follows from. */
  #measured = "";

  constructor() {
    this.formula = new FormulaLines();
    this.costs = element("p", "convviz-costs");
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
    const above = [this.formula.el, this.costs, this.messages];
    const below = [this.sum, this.legend, this.note, this.contributions, this.spoken];
    this.el = element("div", "convviz-explorer", ...above, grids, ...below);
    this.el.setAttribute("role", "group");
    this.el.setAttribute("aria-label", text("explorer"));
  }

  /**
   * Draw a new scene: a setting or a number has changed, or how it is to be shown.
   *
   * @param {Scene} scene @param {Look} look @param {Fix[]} fixes settings that have an output
   */
  setScene(scene, look, fixes) {
    if (!this.#keepsLight(scene)) this.#unlight();
    this.scene = scene;
    this.#look = look;
    const veiled = look.sizeVeiled;
    this.#matchChannels(scene);
    for (const row of this.#rows) row.setScene(scene, { veiled, heat: look.heat });
    this.formula.draw(scene, veiled);
    this.costs.textContent = veiled ? "" : costs(scene);
    if (veiled) this.#drawMessages(scene.tooLarge ? [{ reason: tooLarge(scene), remedies: [] }] : [], []);
    else this.#drawMessages(problems(scene), fixes);
    this.#drawLegend(scene, veiled);
    this.el.toggleAttribute("data-heat", look.heat && scene.fits && !veiled);
    this.outputs.hidden = !scene.fits || veiled;
    if (scene.fits && !veiled) setAttribute(this.el, "data-output-size", `${scene.height.output}x${scene.width.output}`);
    else delete this.el.dataset.outputSize;
    this.setWidth(this.#width);
  }

  /**
   * Take one output cell apart, and light what belongs to what is pointed at.
   *
   * @param {Shown} shown the output cell that the kernel stands on
   * @param {Cell | Term} focus what is pointed at; the output cell itself if there is nothing else
   * @param {number} reached the row-major index of the last output cell that is made already
   */
  setFocus(shown, focus, reached) {
    const scene = /** @type {Scene} */ (this.scene);
    if (shown.c_out !== this.#shownChannel) this.#unlight();
    this.#shownChannel = shown.c_out;
    for (const row of this.#rows) row.setKernel(scene, shown.c_out);
    if (!scene.fits) this.#clear();
    else if (this.#look.sizeVeiled) this.#place(scene, { ...shown, i: 0, j: 0 });
    else this.#takeApart(scene, shown, focus, reached);
    if ("term" in focus) this.#lightTerm(scene, focus, shown);
  }

  /** @param {number} width room for the picture, in CSS pixels */
  setWidth(width) {
    this.#width = width;
    if (!this.scene || width === 0) return;
    const { height, tooLarge } = this.scene;
    const { input, kernel } = this.scene.width;
    // Of what is too large, only the kernel is drawn.
    const { padded, output } = tooLarge ? { padded: input, output: 1 } : this.scene.width;
    const rows = this.#rows.length * (tooLarge ? height.input : height.padded);
    const measured = [width, padded, kernel, output, rows].join();
    if (measured === this.#measured) return;
    this.#measured = measured;
    const cell = cellSize(width, { input: padded, kernel, output }, rows);
    this.el.style.setProperty("--cell", `${cell}px`);
    this.el.toggleAttribute("data-small", cell < SMALL);
  }

  /** @param {Cell} cell */
  cellAt(cell) {
    return this.#gridOf(cell)?.cellAt(cell.row, cell.col);
  }

  /** @param {Cell} cell */
  #gridOf({ grid, channel }) {
    return grid === "output" ? this.#maps[channel]?.grid : this.#rows[channel]?.[grid];
  }

  /** Say in words why something typed was not taken. @param {string} words */
  complain(words) {
    this.note.textContent = words;
    this.spoken.textContent = words;
  }

  /** @param {Scene} scene */
  #matchChannels({ layer }) {
    while (this.#rows.length > layer.input.length) this.#rows.pop()?.el.remove();
    while (this.#rows.length < layer.input.length) {
      const row = new ChannelRow(this.#rows.length);
      this.channels.append(row.el);
      this.#rows.push(row);
    }
    while (this.#maps.length > layer.weight.length) this.#maps.pop()?.el.remove();
    while (this.#maps.length < layer.weight.length) {
      const channel = this.#maps.length;
      const grid = new CellGrid("output", channel);
      grid.setLabel(text("output_label", { channel }));
      const caption = element("figcaption", "", text("output_channel", { channel }));
      // Pointing changes which channel is shown; what is pointed at must not move then.
      caption.dataset.widest = text("output_channel_shown", { channel });
      const el = map(caption, grid);
      this.outputs.append(el);
      this.#maps.push({ el, caption, grid });
    }
  }

  /** @param {ReturnType<typeof problems>} found @param {Fix[]} fixes */
  #drawMessages(found, fixes) {
    if (found.length === 0 && !this.messages.hasChildNodes()) return;
    this.messages.replaceChildren(...(found.length > 0 ? [alertBox(found, fixes)] : []));
  }

  /** @param {Scene} scene @param {boolean} veiled */
  #drawLegend({ height, width, tooLarge }, veiled) {
    const kinds = {
      padding: !tooLarge && height.padded * width.padded > height.input * width.input,
      unread: !tooLarge && !veiled && leftOver(height, "height") + leftOver(width, "width") !== "",
      heat: !veiled && this.#look.heat,
    };
    const drawn = JSON.stringify(kinds);
    if (this.legend.dataset.kinds === drawn) return;
    this.legend.dataset.kinds = drawn;
    this.legend.replaceChildren(...legend(kinds));
  }

  /** Without an output there is nothing to take apart. */
  #clear() {
    this.#clearProducts();
    for (const row of this.#rows) row.outline(/** @type {Scene} */ (this.scene), null);
    for (const { grid } of this.#maps) grid.clear();
    for (const line of [this.note, this.contributions, this.spoken]) line.replaceChildren();
    this.#unlight();
    setAttribute(this.el, "data-focus", "none");
  }

  #clearProducts() {
    for (const row of this.#rows) row.setProducts(undefined);
    this.sum.replaceChildren();
  }

  /** Only lay the kernel on the input. @param {Scene} scene @param {Shown} shown */
  #place(scene, shown) {
    this.#clear();
    for (const row of this.#rows) {
      if (reads(scene, shown.c_out, row.channel)) row.outline(scene, shown);
    }
  }

  /** @param {Scene} scene @param {Shown} shown @param {Cell | Term} focus @param {number} reached */
  #takeApart(scene, shown, focus, reached) {
    const { c_out, i, j } = shown;
    const onKernel = "term" in focus || focus.grid !== "input";
    for (const row of this.#rows) row.outline(scene, onKernel && reads(scene, c_out, row.channel) ? shown : null);
    this.#drawOutputs(scene, c_out, reached);
    if (this.#look.valueVeiled(shown)) {
      this.#clearProducts();
    } else {
      const taken = trace(scene, c_out, i, j);
      for (const row of this.#rows) row.setProducts(taken.parts.find(({ channel }) => channel === row.channel));
      this.sum.replaceChildren(...sumLine(taken, shown));
    }
    if ("term" in focus) return;
    this.#light(litBy(scene, focus, shown), focus.grid);
    if (focus.grid === "input") this.#nameWeights(focus.channel);
    this.#explain(scene, shown, focus);
  }

  /** @param {Scene} scene @param {number} c_out @param {number} reached */
  #drawOutputs({ output, height, width }, c_out, reached) {
    const { valueVeiled } = this.#look;
    const extent = { top: 0, bottom: height.output, left: 0, right: width.output };
    this.#maps.forEach(({ grid, caption, el }, channel) => {
      const shown = channel === c_out && this.#maps.length > 1;
      if (el.hasAttribute("data-shown") !== shown) {
        caption.textContent = text(shown ? "output_channel_shown" : "output_channel", { channel });
        el.toggleAttribute("data-shown", shown);
      }
      grid.update(extent, (i, j) => ({
        value: valueVeiled({ c_out: channel, i, j }) ? null : output[channel][i][j],
        later: i * width.output + j > reached,
      }));
    });
  }

  /** @param {Scene} scene @param {Term} term @param {Shown} shown */
  #lightTerm(scene, term, shown) {
    const veiled = this.#look.sizeVeiled && (term.term === "O" || term.term === "S");
    this.#light(veiled ? new Map() : litByTerm(scene, term, shown), "term");
    this.contributions.replaceChildren();
    this.note.textContent = termSentence(scene, term, veiled);
    this.spoken.textContent = this.note.textContent;
  }

  /** @param {Lit} lit @param {string} focus the kind of thing that is pointed at */
  #light(lit, focus) {
    if (this.el.dataset.focus !== focus) this.#unlight(); // with what only the other kind says
    for (const key of this.#lit.keys()) if (!lit.has(key)) this.#setLit(key, false, null);
    for (const [key, weight] of lit) {
      if (!this.#lit.has(key) || this.#lit.get(key) !== weight) this.#setLit(key, true, weight);
    }
    this.#lit = lit;
    setAttribute(this.el, "data-focus", focus);
  }

  /** On every output cell lit by an input cell: the weight that it meets. @param {number} c_in */
  #nameWeights(c_in) {
    const { layer, width } = /** @type {Scene} */ (this.scene);
    for (const [key, k] of this.#lit) {
      const cell = cellOf(key);
      if (cell.grid !== "output" || k === null) continue;
      const kernel = layer.weight[cell.channel][c_in - firstChannel(layer, cell.channel)];
      const weight = kernel[Math.floor(k / width.kernel)][k % width.kernel];
      const el = this.cellAt(cell);
      if (el) el.dataset.times = `×${tiny(weight)}`;
    }
  }

  /**
   * Whether lit cells may stay so until what is to be lit is known: none is gone, or of another hue.
   *
   * @param {Scene} scene the next one
   */
  #keepsLight({ layer, height, width }) {
    const before = this.scene;
    return (
      before?.layer.input.length === layer.input.length &&
      before.layer.weight.length === layer.weight.length &&
      before.height.kernel === height.kernel &&
      before.width.kernel === width.kernel
    );
  }

  #unlight() {
    for (const key of this.#lit.keys()) this.#setLit(key, false, null);
    this.#lit = new Map();
  }

  /** @param {string} key @param {boolean} on @param {number | null} weight */
  #setLit(key, on, weight) {
    const cell = cellOf(key);
    const el = this.#gridOf(cell)?.keptAt(cell.row, cell.col);
    if (!el) return;
    el.toggleAttribute("data-active", on);
    if (cell.grid === "kernel" || cell.grid === "product") return;
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
    if (this.contributions.hasChildNodes()) this.contributions.replaceChildren();
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
    this.spoken.textContent =
      grid === "input" || grid === "kernel" ? this.note.textContent : this.#outputSentence(scene, shown);
  }

  /** @param {Scene} scene @param {Shown} shown */
  #outputSentence({ output }, { c_out, i, j }) {
    if (this.#look.valueVeiled({ c_out, i, j })) return text("spoken_veiled", { i, j });
    const value = exact(output[c_out][i][j]);
    return text(output.length > 1 ? "spoken_output_channel" : "spoken_output", { c_out, i, j, value });
  }
}
