/** The lines of symbols and words around the grids: formula, sum, contributions, legend. */

import { text } from "./catalogue.js";
import { firstChannel } from "./convolution.js";
import { element } from "./dom.js";
import { formulaSteps, term } from "./formula.js";
import { alike, readersOf } from "./geometry.js";
import { exact, hueOf, short } from "./numerals.js";
import { leftOver } from "./words.js";

/**
 * @typedef {import("./geometry.js").Axis} Axis
 * @typedef {import("./convolution.js").Scene} Scene
 * @typedef {import("./convolution.js").Trace} Trace
 * @typedef {import("./formula.js").Token} Token
 */

/**
 * The formula of the output size: one line if height and width are alike, else one for each.
 *
 * @param {Scene} scene
 * @returns {HTMLElement[]}
 */
export function formulaLines({ height, width }) {
  if (alike(height, width)) {
    return [formulaLine(width, "W", term("O", "O"), leftOver(width, "both"))];
  }
  return [
    formulaLine(height, "H", term("O", "O", "H"), leftOver(height, "height")),
    formulaLine(width, "W", term("O", "O", "W"), leftOver(width, "width")),
  ];
}

/**
 * @param {Axis} axis @param {"H" | "W"} size @param {Token} output @param {string} remark
 */
export function formulaLine(axis, size, output, remark) {
  /** @type {[string, string]} */
  const sides = size === "H" ? [text("top"), text("bottom")] : [text("left"), text("right")];
  const steps = formulaSteps(axis, { size, output, sides });
  const spans = steps.map((tokens) => element("span", "convviz-step", ...tokens.map(tokenElement)));
  const line = element("p", "convviz-formula-line", ...spans);
  if (remark) line.append(element("span", "convviz-remark", remark));
  return line;
}

/** @param {Token} token */
function tokenElement({ text: symbol, term: name, sub }) {
  if (!name) return element("span", "", symbol);
  const el = element("var", "", symbol);
  el.dataset.term = name;
  if (/\d/.test(symbol)) el.classList.add("convviz-number");
  if (sub) el.append(element("sub", "", sub));
  return el;
}

/**
 * output[c_out, i, j] = partial sums + bias = value.
 *
 * @param {Trace} parts @param {{c_out: number, i: number, j: number}} shown
 * @returns {Node[]}
 */
export function sumLine({ parts, bias, output }, { c_out, i, j }) {
  const summands = parts.map(({ channel, sum }, k) =>
    summand(k, sum, text("partial_channel", { channel })),
  );
  return [
    element("span", "convviz-cell-name", `output[${c_out}, ${i}, ${j}] =`),
    ...summands,
    ...(bias === null ? [] : [summand(parts.length, bias, text("bias"))]),
    element("span", "", "="),
    element("strong", "convviz-result", short(output)),
  ];
}

/** @param {number} k @param {number} value @param {string} label */
function summand(k, value, label) {
  const operator = k === 0 ? "" : value < 0 ? "− " : "+ ";
  const shown = k === 0 ? short(value) : short(Math.abs(value));
  return element("span", "convviz-summand", operator, element("b", "", shown), element("small", "", label));
}

/**
 * Each output cell that an input cell goes into, with the weight that it meets on the way.
 *
 * @param {Scene} scene @param {number} channel @param {number} r @param {number} s
 * @param {number} c_out
 * @returns {Node[]}
 */
export function contributions(scene, channel, r, s, c_out) {
  const { height, width, layer } = scene;
  const kernel = layer.weight[c_out][channel - firstChannel(layer, c_out)];
  const columns = readersOf(width, s);
  return readersOf(height, r).flatMap(({ i, u }) =>
    columns.map(({ i: j, u: v }) => {
      const chip = element("span", "convviz-chip", `[${c_out}, ${i}, ${j}] × ${exact(kernel[u][v])}`);
      const k = u * width.kernel + v;
      chip.style.setProperty("--hue", String(hueOf(k, height.kernel * width.kernel)));
      return chip;
    }),
  );
}

/**
 * What does not fit, and the ways out.
 *
 * @param {{reason: string, remedies: string[]}[]} problems
 */
export function alertBox(problems) {
  const box = element("div", "convviz-alert");
  box.setAttribute("role", "alert");
  for (const { reason, remedies } of problems) {
    const items = remedies.map((remedy) => element("li", "", remedy));
    box.append(element("p", "", reason), element("ul", "", ...items));
  }
  return box;
}

/**
 * @param {{kernel?: boolean, padding: boolean, unread: boolean}} kinds of cells that the
 *   picture has
 */
export function legend({ kernel = false, padding, unread }) {
  const entries = [];
  if (kernel) entries.push(entry("kernel", text("legend_kernel")));
  if (padding) entries.push(entry("padding", text("legend_padding")));
  if (unread) entries.push(entry("unread", text("legend_unread")));
  return entries;
}

/** @param {string} kind @param {string} label */
function entry(kind, label) {
  const swatch = element("span", "convviz-swatch");
  swatch.dataset.kind = kind;
  return element("span", "", swatch, label);
}
