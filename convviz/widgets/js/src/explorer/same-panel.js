/** Keras's "same" beside padding=kernel_size // 2 in PyTorch, on the numbers of the explorer. */

import { text } from "../core/catalogue.js";
import { firstChannel, valueAt } from "../core/convolution.js";
import { element, setAttribute } from "../page/dom.js";
import { asPair, readCounts } from "../core/geometry.js";
import { CellGrid } from "../page/grid.js";
import { exact } from "../core/numerals.js";
import { listen } from "../page/pointing.js";
import { tooLarge } from "../core/words.js";
import { compareSame, summary, torchSame } from "./same-comparison.js";
import { legend } from "../page/sentence-lines.js";

/**
 * @typedef {import("../core/convolution.js").Scene} Scene
 * @typedef {import("./same-comparison.js").Comparison} Comparison
 * @typedef {import("./same-comparison.js").Differing} Differing
 * @typedef {"keras" | "torch"} Framework
 * @typedef {{top: number, bottom: number, left: number, right: number}} Extent
 */

/** Lengths in CSS pixels. A side narrower than this has no room for its sentences. */
const NARROWEST_SIDE = 280;
const LARGEST = 32;
const COMFORTABLE = 24;
const SMALLEST = 20;
const GAP = 36;
/** Beside the cells of a grid: its row numbers and its border. */
const RULER = 28;

export class SamePanel {
  /** @param {AbortSignal} signal removes every listener */
  constructor(signal) {
    this.summary = element("p", "convviz-same-summary");
    this.summary.setAttribute("role", "status");
    this.keras = new Side("keras");
    this.torch = new Side("torch");
    this.channels = element("p", "convviz-same-remark");
    this.legend = element("p", "convviz-legend");
    this.sides = element("div", "convviz-same-sides", this.keras.el, this.torch.el);
    this.el = element(
      "div",
      "convviz-same",
      this.summary,
      element("p", "convviz-same-remark", text("same_set_aside")),
      this.sides,
      this.legend,
      this.channels,
    );
    this.el.setAttribute("role", "group");
    this.el.setAttribute("aria-label", text("same_panel"));

    // The arrow keys walk the grids; no cell can be pointed at, chosen or edited here.
    const nothing = () => {};
    const hearer = { point: nothing, choose: nothing, edit: nothing, release: nothing };
    listen(this.el, hearer, signal);
    const resized = new ResizeObserver(([entry]) => this.#setWidth(entry.contentRect.width));
    resized.observe(this.el);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  /**
   * @param {Scene} scene of the explorer; its own padding is set aside
   * @param {{c_out: number}} shown whose output channel is drawn
   */
  draw(scene, { c_out }) {
    if (scene === this.scene && c_out === this.c_out) return;
    if (scene !== this.scene) this.comparison = compareSame(scene.layer);
    /** @type {Scene | undefined} */
    this.scene = scene;
    this.c_out = c_out;
    const { keras, torch, differing } = /** @type {Comparison} */ (this.comparison);
    const large = [keras.scene, torch.scene].find((side) => side?.tooLarge);
    this.sides.hidden = this.legend.hidden = large !== undefined;
    if (large) {
      setText(this.summary, tooLarge(large));
      this.channels.hidden = true;
      return;
    }
    setText(this.summary, summary({ keras, torch, differing }, c_out));
    const [kerasOutput, torchOutput] = [keras.scene?.output[c_out], torch.scene.output[c_out]];
    if (keras.refused !== null) {
      this.keras.refuse(keras.refused);
    } else {
      this.keras.draw(keras.scene, c_out, kerasWords(keras.scene));
      this.keras.mark(keras.scene.output[c_out], torchOutput, differing?.keras[c_out]);
    }
    this.torch.draw(torch.scene, c_out, torchWords(torch.scene, torch.padding));
    this.torch.mark(torchOutput, kerasOutput, differing?.torch[c_out]);
    const count = scene.layer.weight[0].length;
    this.channels.hidden = count === 1;
    setText(this.channels, text("same_one_of_channels", { c_out, count }));
    this.#drawLegend();
    this.#setWidth(this.width ?? 0);
  }

  #drawLegend() {
    const has = (/** @type {string} */ mark) => this.el.querySelector(`[data-${mark}]`) !== null;
    const entries = legend({ padding: has("padding"), unread: has("unread") });
    entries.unshift(entry("start", text("same_legend_start")));
    if (has("differs")) entries.push(entry("differs", text("same_legend_differs")));
    this.legend.replaceChildren(...entries);
  }

  /** @param {number} width room for the panel */
  #setWidth(width) {
    this.width = width;
    if (!this.comparison || width === 0) return;
    const { keras, torch } = this.comparison;
    const most = (/** @type {"padded" | "output"} */ cells) =>
      Math.max(keras.scene?.width[cells] ?? 0, torch.scene.width[cells]);
    const { sides, cell } = fitting(width, most("padded"), most("output"));
    this.el.style.setProperty("--cell", `${cell}px`);
    this.el.style.setProperty("--sides", String(sides));
  }
}

/** One framework's padding: its argument, what that adds and why, the input and the output. */
class Side {
  /** @param {Framework} framework */
  constructor(framework) {
    this.framework = framework;
    this.heading = element("h4", "convviz-same-heading", text("same_keras"));
    this.refused = element("p", "convviz-alert");
    this.rule = element("p", "convviz-same-remark");
    this.added = element("p", "");
    this.start = element("p", "");
    this.input = new RuledGrid(`${framework}-input`);
    this.output = new RuledGrid(`${framework}-output`);
    this.grids = element("div", "convviz-same-grids", this.input.el, this.output.el);
    this.own = element("p", "convviz-same-remark");
    /** What is there only where the framework takes the layer. */
    this.drawn = [this.rule, this.added, this.start, this.grids, this.own];
    this.el = element("section", "convviz-same-side", this.heading, this.refused, ...this.drawn);
  }

  /**
   * @param {Scene} scene @param {number} c_out
   * @param {{heading: string, rule: string, own: string}} words
   */
  draw(scene, c_out, { heading, rule, own }) {
    this.#show(true);
    const { height, width, output } = scene;
    const [row, column] = [-height.before, -width.before];
    setText(this.heading, heading);
    setText(this.rule, rule);
    setText(
      this.added,
      text("same_added", {
        top: height.before,
        bottom: height.after,
        left: width.before,
        right: width.after,
      }),
    );
    setText(this.start, text("same_start", { row: exact(row), column: exact(column) }));
    setText(this.own, own);
    this.#drawInput(scene, firstChannel(scene.layer, c_out));
    const extent = { top: 0, bottom: height.output, left: 0, right: width.output };
    const label = text(`same_${this.framework}_output_label`, { channel: c_out });
    this.output.setWords(text("output_channel", { channel: c_out }), label);
    this.output.update(extent, (i, j) => ({ value: output[c_out][i][j] }));
  }

  /** @param {string} reason */
  refuse(reason) {
    this.#show(false);
    setText(this.refused, reason);
    for (const { grid } of [this.input, this.output]) grid.clear();
  }

  /**
   * Mark the output cells that differ, with what the other side has there.
   *
   * @param {number[][]} own what draw() has drawn
   * @param {number[][] | undefined} other the other side's output
   * @param {boolean[][] | undefined} differing for each own cell; none is marked without it
   */
  mark(own, other, differing) {
    own.forEach((row, i) =>
      row.forEach((_, j) => {
        const el = /** @type {HTMLElement} */ (this.output.grid.cellAt(i, j));
        const differs = differing?.[i][j] ?? false;
        el.toggleAttribute("data-differs", differs);
        if (differs) setAttribute(el, "aria-description", this.#difference(other?.[i]?.[j]));
        else el.removeAttribute("aria-description");
      }),
    );
  }

  /** @param {number | undefined} value of the other side */
  #difference(value) {
    return value === undefined
      ? text(`same_cell_only_${this.framework}`)
      : text(`same_cell_differs_${this.framework}`, { value: exact(value) });
  }

  /** @param {Scene} scene @param {number} channel */
  #drawInput(scene, channel) {
    const { height, width } = scene;
    const unreadRows = readCounts(height).map((count) => count === 0);
    const unreadColumns = readCounts(width).map((count) => count === 0);
    const [top, left] = [-height.before, -width.before];
    const [bottom, right] = [height.input + height.after, width.input + width.after];
    const label = text(`same_${this.framework}_input_label`, { channel });
    this.input.setWords(text("same_input", { channel }), label);
    this.input.update({ top, bottom, left, right }, (r, s) => ({
      value: valueAt(scene, channel, r, s),
      padding: r < 0 || s < 0 || r >= height.input || s >= width.input,
      unread: unreadRows[r - top] || unreadColumns[s - left],
    }));
    this.input.grid.outline({ row: top, col: left, rows: height.span, cols: width.span });
  }

  /** @param {boolean} taken whether the framework takes the layer */
  #show(taken) {
    this.refused.hidden = taken;
    for (const el of this.drawn) el.hidden = !taken;
  }
}

/** A grid with the numbers of its rows and columns, negative for padding, beside it. */
class RuledGrid {
  /** @param {string} kind */
  constructor(kind) {
    this.grid = new CellGrid(kind, 0);
    this.caption = element("figcaption", "");
    this.columns = element("div", "convviz-same-columns");
    this.rows = element("div", "convviz-same-rows");
    const ruled = element("div", "convviz-same-ruled", this.columns, this.rows, this.grid.el);
    ruled.dataset.kind = kind;
    this.el = element("figure", "convviz-map", this.caption, ruled);
    for (const ruler of [this.columns, this.rows]) ruler.setAttribute("aria-hidden", "true");
  }

  /** @param {string} caption @param {string} label for a screen reader */
  setWords(caption, label) {
    setText(this.caption, caption);
    this.grid.setLabel(label);
  }

  /** @param {Extent} extent @param {Parameters<CellGrid["update"]>[1]} stateOf */
  update(extent, stateOf) {
    this.grid.update(extent, stateOf);
    number(this.rows, extent.top, extent.bottom);
    number(this.columns, extent.left, extent.right);
  }
}

/** @param {HTMLElement} ruler @param {number} from @param {number} to */
function number(ruler, from, to) {
  const range = `${from} ${to}`;
  if (ruler.dataset.range === range) return;
  ruler.dataset.range = range;
  const numbers = Array.from({ length: to - from }, (_, k) => element("span", "", exact(from + k)));
  ruler.replaceChildren(...numbers);
}

/** @param {Scene} scene */
function kerasWords({ height, width }) {
  const rule = text("same_keras_rule", {
    input_height: height.input,
    input_width: width.input,
    stride_height: height.stride,
    stride_width: width.stride,
    rows: height.output,
    columns: width.output,
  });
  return { heading: text("same_keras"), rule, own: "" };
}

/** @param {Scene} scene @param {[number, number]} padding */
function torchWords({ layer, height, width }, [padding_height, padding_width]) {
  const [dilation_height, dilation_width] = asPair(layer.dilation);
  const dilated = Math.max(dilation_height, dilation_width) > 1;
  const rule = text(dilated ? "same_torch_rule_dilated" : "same_torch_rule", {
    kernel_height: height.kernel,
    kernel_width: width.kernel,
    dilation_height,
    dilation_width,
    height: padding_height,
    width: padding_width,
  });
  const heading = text("same_torch", { height: padding_height, width: padding_width });
  return { heading, rule, own: torchSame(layer) };
}

/**
 * How many sides stand in a line, and how large a cell is: the grids of a side beside each other
 * or one below the other, whichever lets the cells be comfortable. The wrapping itself is CSS's.
 *
 * @param {number} width @param {number} input columns of the padded input
 * @param {number} output columns of the output
 */
function fitting(width, input, output) {
  const half = (width - GAP) / 2;
  const sides = half >= NARROWEST_SIDE && (half - RULER) / input >= SMALLEST ? 2 : 1;
  const room = sides === 2 ? half : width;
  const beside = (room - 2 * RULER - GAP) / (input + output);
  const below = (room - RULER) / Math.max(input, output);
  const cell = beside >= COMFORTABLE ? beside : below;
  return { sides, cell: Math.floor(Math.min(Math.max(cell, SMALLEST), LARGEST)) };
}

/** @param {"start" | "differs"} kind @param {string} label */
function entry(kind, label) {
  const swatch = element("span", "convviz-swatch");
  swatch.dataset.kind = kind;
  return element("span", "", swatch, label);
}

/** @param {HTMLElement} el @param {string} words */
function setText(el, words) {
  if (el.textContent !== words) el.textContent = words;
}
