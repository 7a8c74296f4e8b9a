/** What the picture says in words: what does not fit, what is read, what is left over. */

import { text } from "./catalogue.js";
import { MOST_CELLS, firstChannel, valueAt } from "./convolution.js";
import { alike, mostPadding, readIndex, readersOf, unreadCount } from "./geometry.js";
import { reads } from "./highlight.js";
import { exact, short } from "./numerals.js";

/**
 * @typedef {import("./geometry.js").Axis} Axis
 * @typedef {import("./convolution.js").Scene} Scene
 * @typedef {import("./highlight.js").Cell} Cell
 * @typedef {"axis" | "height" | "width"} AxisName
 */

/**
 * Why a setting has no output: for each reason a sentence, and a sentence for each way out.
 *
 * @param {Scene} scene
 * @returns {{reason: string, remedies: string[]}[]}
 */
export function problems(scene) {
  const { height, width, unfillable, layer } = scene;
  const names = /** @type {const} */ (["height", "width"]);
  const misfits = names.filter((name) => scene[name].output === 0);
  const cannotFill = unfillable.map((name) => {
    const { input, before, after } = scene[name];
    const mode = layer.padding_mode;
    const [padding, most] = [Math.max(before, after), mostPadding(input, mode)];
    return { reason: text(`unfillable_${name}`, { mode, input, padding, most }), remedies: [] };
  });
  const others = scene.tooLarge ? [...cannotFill, { reason: tooLarge(scene), remedies: [] }] : cannotFill;
  if (misfits.length === 2 && alike(height, width)) return [misfit(width, "axis"), ...others];
  return [...misfits.map((name) => misfit(scene[name], name)), ...others];
}

/** That a scene has more cells than can be shown. @param {Scene} scene */
export function tooLarge({ cells }) {
  return text("picture_too_large", { cells, most: MOST_CELLS });
}

/** @param {Axis} axis @param {AxisName} name */
export function misfit(axis, name) {
  const { span, kernel, dilation, padded, input, before, after } = axis;
  const kind = dilation === 1 ? "misfit" : "misfit_dilated";
  const remedies = [text("fits_kernel", { kernel_size: Math.floor((padded - 1) / dilation) + 1 })];
  if (dilation > 1 && padded >= kernel) {
    remedies.push(text("fits_dilation", { dilation: Math.floor((padded - 1) / (kernel - 1)) }));
  }
  const missing = span - padded;
  remedies.push(
    before === after
      ? text("fits_padding", { padding: before + Math.ceil(missing / 2) })
      : text("fits_padding_total", { padding: before + after + missing }),
  );
  const places = { span, kernel, dilation, room: padded, input, before, after };
  return { reason: text(`${kind}_${name}`, places), remedies };
}

/**
 * What is never read along an axis, in a sentence or two; empty if all is read.
 *
 * @param {Axis} axis @param {AxisName | "both"} name "both" where height and width are alike
 */
export function leftOver(axis, name) {
  if (axis.output === 0) return "";
  return [
    counted("remainder", axis.remainder, name),
    counted("skipped", unreadCount(axis) - axis.remainder, name),
  ]
    .filter(Boolean)
    .join(" ");
}

/** @param {"remainder" | "skipped"} what @param {number} count @param {AxisName | "both"} name */
function counted(what, count, name) {
  if (count === 0) return "";
  return text(`${what}_${count === 1 ? "one" : "many"}_${name}`, { count });
}

/**
 * Which cells an output cell reads.
 *
 * @param {Scene} scene @param {number} c_out @param {number} i @param {number} j
 */
export function readsSentence(scene, c_out, i, j) {
  const { height, width, layer } = scene;
  const rows = Array.from({ length: height.kernel }, (_, u) => readIndex(height, i, u));
  const columns = Array.from({ length: width.kernel }, (_, v) => readIndex(width, j, v));
  const inside = (/** @type {number[]} */ indices, /** @type {Axis} */ axis) =>
    indices.filter((k) => k >= 0 && k < axis.input).length;
  const padding = rows.length * columns.length - inside(rows, height) * inside(columns, width);
  const places = { c_out, i, j, rows: indexRange(rows), columns: indexRange(columns), padding };
  const sentence = padding === 0 ? "reads" : padding === 1 ? "reads_one_padding" : "reads_padding";
  if (layer.groups === 1) return text(sentence, places);
  const first = firstChannel(layer, c_out);
  const channels = Array.from({ length: layer.weight[0].length }, (_, c) => first + c);
  return `${text(sentence, places)} ${text("reads_group", { channels: indexRange(channels), groups: layer.groups })}`;
}

/**
 * How many outputs of the channel shown an input cell goes into.
 *
 * @param {Scene} scene @param {Cell} cell of the input @param {number} c_out
 */
export function goesInto(scene, { channel, row, col }, c_out) {
  const places = {
    channel,
    row: exact(row),
    column: exact(col),
    value: short(valueAt(scene, channel, row, col)),
    c_out,
  };
  if (!reads(scene, c_out, channel)) return text("goes_into_other_group", places);
  const count = readersOf(scene.height, row).length * readersOf(scene.width, col).length;
  const key = count === 0 ? "goes_into_none" : count === 1 ? "goes_into_one" : "goes_into_many";
  return text(key, { ...places, count });
}

/**
 * How many outputs use a weight.
 *
 * @param {Scene} scene @param {Cell} cell of the kernel @param {number} c_out
 */
export function usedBy({ layer, height, width }, { channel, row, col }, c_out) {
  const weight = layer.weight[c_out][channel - firstChannel(layer, c_out)][row][col];
  const count = height.output * width.output;
  return text("weight_used", { channel, u: row, v: col, value: short(weight), count, c_out });
}

/**
 * What the layer costs: its parameters, and its multiply-accumulates if it has an output.
 *
 * @param {Scene} scene
 */
export function costs({ layer, height, width, fits }) {
  const { weight, bias } = layer;
  const [filters, channels] = [weight.length, weight[0].length];
  const products = channels * height.kernel * width.kernel;
  const places = {
    parameters: filters * (products + (bias ? 1 : 0)),
    filters,
    channels,
    rows: height.kernel,
    columns: width.kernel,
    numbers: filters * height.output * width.output,
    products,
    macs: filters * height.output * width.output * products,
  };
  const parameters = text(bias ? "costs_bias" : "costs_no_bias", places);
  return fits ? `${parameters} ${text("costs_macs", places)}` : parameters;
}

/** @param {number[]} indices evenly spaced */
export function indexRange(indices) {
  if (indices.length === 1) return exact(indices[0]);
  const [first, second, last] = [indices[0], indices[1], indices[indices.length - 1]];
  const places = { first: exact(first), second: exact(second), last: exact(last) };
  if (second - first === 1) return text("range", places);
  return indices.length <= 4
    ? indices.map(exact).join(", ")
    : text("range_stepped", places);
}
