/** The lines of numbers and words around the grids: sum, contributions, legend, alert. */

import { text } from "../core/catalogue.js";
import { firstChannel } from "../core/convolution.js";
import { element } from "./dom.js";
import { readersOf } from "../core/geometry.js";
import { exact, hueOf, short } from "../core/numerals.js";

/**
 * @typedef {import("../core/convolution.js").Scene} Scene
 * @typedef {import("../core/convolution.js").Trace} Trace
 */

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
 * What does not fit, the ways out, and a button for each setting that works.
 *
 * @param {{reason: string, remedies: string[]}[]} problems
 * @param {import("../explorer/fixes.js").Fix[]} [fixes]
 */
export function alertBox(problems, fixes = []) {
  const box = element("div", "convviz-alert");
  box.setAttribute("role", "alert");
  for (const { reason, remedies } of problems) {
    const items = remedies.map((remedy) => element("li", "", remedy));
    box.append(element("p", "", reason), element("ul", "", ...items));
  }
  if (fixes.length > 0) box.append(element("p", "convviz-fixes", text("fixes"), ...fixes.map(fixButton)));
  return box;
}

/** @param {import("../explorer/fixes.js").Fix} fix @param {number} k */
function fixButton({ label }, k) {
  const button = element("button", "convviz-button", label);
  button.setAttribute("type", "button");
  button.dataset.fix = String(k);
  button.dataset.lmSuppressShortcuts = "true";
  return button;
}

/**
 * @param {{kernel?: boolean, padding: boolean, unread: boolean, heat?: boolean}} kinds of cells
 *   that the picture has
 */
export function legend({ kernel = false, padding, unread, heat = false }) {
  const entries = [];
  if (kernel) entries.push(entry("kernel", text("legend_kernel")));
  if (padding) entries.push(entry("padding", text("legend_padding")));
  if (unread) entries.push(entry("unread", text("legend_unread")));
  if (heat) entries.push(entry("heat", text("legend_heat")));
  return entries;
}

/** @param {string} kind @param {string} label */
function entry(kind, label) {
  const swatch = element("span", "convviz-swatch");
  swatch.dataset.kind = kind;
  return element("span", "", swatch, label);
}
