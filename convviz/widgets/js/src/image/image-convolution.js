/** A picture through one kernel: each colour channel by itself, with the same weights. */

import { makeAxes, readIndex } from "../core/geometry.js";

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 *
 * @typedef {object} Photo
 * @property {number} height
 * @property {number} width
 * @property {number} channels 1, or 3 for red, green and blue
 * @property {Uint8Array} pixels row by row, the channels of a pixel side by side
 *
 * @typedef {object} Filter everything else that settles the numbers
 * @property {number[][]} kernel (kH, kW)
 * @property {number} divisor what every sum is divided by
 * @property {number} stride
 * @property {import("../core/geometry.js").Padding} padding with zeros
 * @property {number} dilation
 *
 * @typedef {object} Filtered
 * @property {Photo} photo
 * @property {Filter} filter
 * @property {Axis} height
 * @property {Axis} width
 * @property {Float64Array} output (channels, H_out, W_out); empty if there is no output
 *
 * @typedef {object} Part one channel of one output pixel, taken apart
 * @property {number[][]} values (kH, kW) what the kernel meets, zeros in the padding
 * @property {number[][]} products (kH, kW)
 * @property {number} sum
 * @property {number} result the sum divided
 */

/** @param {Photo} photo @param {Filter} filter @returns {Filtered} */
export function filterPhoto(photo, filter) {
  const { kernel, divisor, stride, padding, dilation } = filter;
  const { height, width } = makeAxes({
    inputSize: [photo.height, photo.width],
    kernelSize: [kernel.length, kernel[0].length],
    stride,
    padding,
    dilation,
  });
  const cells = height.output * width.output;
  const output = new Float64Array(photo.channels * cells);
  if (cells > 0) {
    for (let c = 0; c < photo.channels; c++) {
      const plane = output.subarray(c * cells, (c + 1) * cells);
      convolve(paddedPlane(photo, c, height, width), kernel, height, width, plane);
    }
  }
  if (divisor !== 1) for (let k = 0; k < output.length; k++) output[k] /= divisor;
  return { photo, filter, height, width, output };
}

/** One channel with its padding. @param {Photo} photo @param {number} c @param {Axis} height @param {Axis} width */
function paddedPlane({ pixels, channels }, c, height, width) {
  const plane = new Float64Array(height.padded * width.padded);
  let from = c;
  for (let r = 0; r < height.input; r++) {
    const start = (r + height.before) * width.padded + width.before;
    for (let s = 0; s < width.input; s++, from += channels) plane[start + s] = pixels[from];
  }
  return plane;
}

/**
 * Add up the products into `sums`, which holds zeros. A whole row of outputs takes one weight at
 * a time: that is several times as fast as output by output.
 *
 * @param {Float64Array} plane @param {number[][]} kernel @param {Axis} height @param {Axis} width
 * @param {Float64Array} sums
 */
function convolve(plane, kernel, height, width, sums) {
  const { stride } = width;
  for (let i = 0; i < height.output; i++) {
    const [start, end] = [i * width.output, (i + 1) * width.output];
    for (let u = 0; u < height.kernel; u++) {
      const row = (i * height.stride + u * height.dilation) * width.padded;
      for (let v = 0; v < width.kernel; v++) {
        const weight = kernel[u][v];
        if (weight === 0) continue;
        let from = row + v * width.dilation;
        for (let k = start; k < end; k++, from += stride) sums[k] += weight * plane[from];
      }
    }
  }
}

/**
 * Output pixel (i, j), channel by channel.
 *
 * @param {Filtered} filtered @param {number} i @param {number} j
 * @returns {Part[]}
 */
export function takeApart({ photo, filter, height, width }, i, j) {
  return Array.from({ length: photo.channels }, (_, c) => {
    const values = filter.kernel.map((weights, u) =>
      weights.map((_, v) => valueAt(photo, c, readIndex(height, i, u), readIndex(width, j, v))),
    );
    const products = filter.kernel.map((weights, u) => weights.map((w, v) => w * values[u][v]));
    const sum = products.flat().reduce((a, b) => a + b, 0);
    return { values, products, sum, result: sum / filter.divisor };
  });
}

/** @param {Photo} photo @param {number} c @param {number} r @param {number} s */
function valueAt(photo, c, r, s) {
  if (!isInside(photo, r, s)) return 0;
  return photo.pixels[(r * photo.width + s) * photo.channels + c];
}

/** Whether (r, s) is a pixel, not padding. @param {Photo} photo @param {number} r @param {number} s */
export function isInside({ height, width }, r, s) {
  return r >= 0 && s >= 0 && r < height && s < width;
}
