/** The arithmetic of the picture: padded inputs, every output, and one output taken apart. */

import { makeAxes, mostPadding, readIndex, sourceIndex } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").Axis} Axis
 * @typedef {import("./geometry.js").PaddingMode} PaddingMode
 *
 * @typedef {object} Layer everything that settles the numbers
 * @property {number[][][]} input (C_in, H, W)
 * @property {number[][][][]} weight (C_out, C_in / groups, kH, kW)
 * @property {number[] | null} bias (C_out,)
 * @property {import("./geometry.js").Pair} stride
 * @property {import("./geometry.js").Padding} padding
 * @property {import("./geometry.js").Pair} dilation
 * @property {number} groups
 * @property {PaddingMode} padding_mode
 *
 * @typedef {object} Scene a layer with its geometry and its results
 * @property {Layer} layer
 * @property {Axis} height
 * @property {Axis} width
 * @property {number[][][]} padded (C_in, H + padding, W + padding); empty if it is too large
 * @property {number[][][]} output (C_out, H_out, W_out); no rows if there is no output
 * @property {boolean} fits whether there is an output to show
 * @property {number} cells of padded input and output together
 * @property {boolean} tooLarge whether these are too many to show, or to compute
 * @property {("height" | "width")[]} unfillable axes whose padding the padding mode can't fill
 *
 * @typedef {object} Trace one output cell taken apart
 * @property {{channel: number, products: number[][], sum: number}[]} parts by input channel
 * @property {number | null} bias null where the layer has none
 * @property {number} output
 */

/** More cells than this would take a browser seconds to draw. */
export const MOST_CELLS = 40_000;

/** @param {Layer} layer @returns {Scene} */
export function makeScene(layer) {
  const { padding_mode } = layer;
  const { height, width } = axesOf(layer);
  const unfillable = /** @type {("height" | "width")[]} */ (
    Object.entries({ height, width })
      .filter(([, a]) => Math.max(a.before, a.after) > mostPadding(a.input, padding_mode))
      .map(([name]) => name)
  );
  const cells = layer.input.length * height.padded * width.padded + layer.weight.length * height.output * width.output;
  const tooLarge = cells > MOST_CELLS;
  const fits = height.output > 0 && width.output > 0 && unfillable.length === 0 && !tooLarge;
  const inputs = tooLarge ? [] : padded(layer, height, width);
  const scene = { layer, height, width, fits, unfillable, cells, tooLarge, padded: inputs };
  return { ...scene, output: fits ? convolve({ ...scene, output: [] }) : [] };
}

/** @param {Layer} layer @returns {{height: Axis, width: Axis}} */
export function axesOf({ input, weight, stride, padding, dilation }) {
  return makeAxes({
    inputSize: [input[0].length, input[0][0].length],
    kernelSize: [weight[0][0].length, weight[0][0][0].length],
    stride,
    padding,
    dilation,
  });
}

/** @param {Layer} layer @param {Axis} height @param {Axis} width */
function padded({ input, padding_mode }, height, width) {
  const indices = (/** @type {Axis} */ axis) =>
    Array.from({ length: axis.padded }, (_, k) =>
      sourceIndex(k - axis.before, axis.input, padding_mode),
    );
  const [rows, columns] = [indices(height), indices(width)];
  return input.map((channel) => rows.map((r) => columns.map((s) => channel[r]?.[s] ?? 0)));
}

/** @param {Scene} scene @returns {number[][][]} */
function convolve({ layer, height, width, padded }) {
  return layer.weight.map((kernels, c_out) => {
    const first = firstChannel(layer, c_out);
    const bias = layer.bias?.[c_out] ?? 0;
    return Array.from({ length: height.output }, (_, i) =>
      Array.from({ length: width.output }, (_, j) => {
        let sum = 0;
        for (let c = 0; c < kernels.length; c++) {
          for (let u = 0; u < height.kernel; u++) {
            const row = padded[first + c][i * height.stride + u * height.dilation];
            const weights = kernels[c][u];
            for (let v = 0; v < width.kernel; v++) {
              sum += row[j * width.stride + v * width.dilation] * weights[v];
            }
          }
        }
        return sum + bias;
      }),
    );
  });
}

/**
 * The first input channel that output channel c_out reads; it reads as many as the weight holds.
 *
 * @param {{weight: number[][][][], groups: number}} layer @param {number} c_out
 */
export function firstChannel({ weight, groups }, c_out) {
  const group = Math.floor((c_out * groups) / weight.length);
  return group * weight[0].length;
}

/**
 * @param {Scene} scene @param {number} c_out @param {number} i @param {number} j
 * @returns {Trace}
 */
export function trace(scene, c_out, i, j) {
  const { layer, height, width } = scene;
  const first = firstChannel(layer, c_out);
  const parts = layer.weight[c_out].map((kernel, c) => {
    const channel = first + c;
    const products = kernel.map((weights, u) =>
      weights.map((w, v) => w * valueAt(scene, channel, readIndex(height, i, u), readIndex(width, j, v))),
    );
    return { channel, products, sum: products.flat().reduce((a, b) => a + b, 0) };
  });
  return { parts, bias: layer.bias?.[c_out] ?? null, output: scene.output[c_out][i][j] };
}

/**
 * The value at input row r and column s, padding included.
 *
 * @param {Scene} scene @param {number} channel @param {number} r @param {number} s
 */
export function valueAt(scene, channel, r, s) {
  return scene.padded[channel][r + scene.height.before][s + scene.width.before];
}
