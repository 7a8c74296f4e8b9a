/** The nearest settings that have an output, for a setting that has none. */

import { axesOf, makeScene } from "../core/convolution.js";
import { asPair, mostPadding } from "../core/geometry.js";

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 * @typedef {import("../core/geometry.js").Pair} Pair
 * @typedef {import("../core/geometry.js").Padding} Padding
 * @typedef {import("../core/convolution.js").Layer} Layer
 *
 * @typedef {object} Fix
 * @property {string} label the argument as it is written in Python
 * @property {Partial<{padding: Padding, dilation: Pair, padding_mode: string}>} settings
 * @property {[number, number]} [kernelSize]
 */

/**
 * Each changes one argument only, if one is enough, and no further than it must.
 *
 * @param {Layer} layer
 * @returns {Fix[]}
 */
export function fixes(layer) {
  const single = [...ways(layer)].filter((fix) => works(layer, fix));
  if (single.length > 0) return single;
  return paddingFixes(layer).flatMap((first) =>
    [...ways({ ...layer, .../** @type {Partial<Layer>} */ (first.settings) })]
      .map((second) => ({ ...second, label: `${first.label}, ${second.label}`, settings: { ...first.settings, ...second.settings } }))
      .filter((both) => works(layer, both)),
  );
}

/** @param {Layer} layer @returns {Generator<Fix>} */
function* ways(layer) {
  yield* paddingFixes(layer);
  yield* dilationFixes(layer);
  yield* kernelFixes(layer);
}

/** @param {Layer} layer @returns {Fix[]} */
function paddingFixes(layer) {
  const { height, width } = axesOf(layer);
  const sides = [height, width].map((axis) => nearestSides(axis, layer.padding_mode));
  const padding = written(layer.padding, sides);
  const found = same(padding, layer.padding) ? [] : [{ label: `padding=${tuple(padding)}`, settings: { padding } }];
  const unfillable = [height, width].some((a) => Math.max(a.before, a.after) > mostPadding(a.input, layer.padding_mode));
  return unfillable ? [...found, { label: 'padding_mode="zeros"', settings: { padding_mode: "zeros" } }] : found;
}

/**
 * The padding of one axis, widened until the kernel fits and cut to what the mode can fill.
 *
 * @param {Axis} axis @param {Layer["padding_mode"]} mode
 * @returns {[number, number]}
 */
function nearestSides({ before, after, span, padded, input }, mode) {
  const missing = Math.max(span - padded, 0);
  const alike = before === after;
  const [more, less] = [Math.ceil(missing / 2), Math.floor(missing / 2)];
  const most = mostPadding(input, mode);
  return [Math.min(before + (alike ? more : less), most), Math.min(after + more, most)];
}

/** Sides in the form that the padding has now. @param {Padding} old @param {[number, number][]} sides @returns {Padding} */
function written(old, [[top, bottom], [left, right]]) {
  if (Array.isArray(old)) return Array.isArray(old[0]) ? [[top, bottom], [left, right]] : [top, left];
  if (typeof old === "string") return [[top, bottom], [left, right]];
  return Math.max(top, left) > old ? Math.max(top, left) : Math.min(top, left);
}

/** @param {Layer} layer @returns {Fix[]} */
function dilationFixes(layer) {
  const { height, width } = axesOf(layer);
  const [down, right] = [height, width].map(({ padded, kernel, dilation }) =>
    kernel === 1 ? dilation : Math.min(Math.floor((padded - 1) / (kernel - 1)), dilation),
  );
  if (Math.min(down, right) < 1 || same([down, right], asPair(layer.dilation))) return [];
  /** @type {Pair} */
  const dilation = Array.isArray(layer.dilation) ? [down, right] : Math.min(down, right);
  return [{ label: `dilation=${tuple(dilation)}`, settings: { dilation } }];
}

/** @param {Layer} layer @returns {Fix[]} */
function kernelFixes(layer) {
  const { height, width } = axesOf(layer);
  const [rows, columns] = [height, width].map(({ padded, kernel, dilation }) =>
    Math.min(Math.floor((padded - 1) / dilation) + 1, kernel),
  );
  if (rows === height.kernel && columns === width.kernel) return [];
  const label = `kernel_size=${tuple(rows === columns ? rows : [rows, columns])}`;
  return [{ label, settings: {}, kernelSize: [rows, columns] }];
}

/** @param {Layer} layer @param {Fix} fix */
function works(layer, { settings, kernelSize }) {
  const weight = kernelSize
    ? layer.weight.map((kernels) =>
        kernels.map((kernel) => kernel.slice(0, kernelSize[0]).map((row) => row.slice(0, kernelSize[1]))),
      )
    : layer.weight;
  return makeScene({ ...layer, .../** @type {Partial<Layer>} */ (settings), weight }).fits;
}

/** A number or nested pair as Python writes it. @param {unknown} value @returns {string} */
function tuple(value) {
  return Array.isArray(value) ? `(${value.map(tuple).join(", ")})` : String(value);
}

/** @param {unknown} a @param {unknown} b */
function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
