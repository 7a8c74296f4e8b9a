/** From results, which may be negative or large, to what a screen can show: 0 to 255. */

/**
 * @typedef {"clip" | "grey" | "magnitude"} Show
 *
 * @typedef {object} Painting
 * @property {Uint8ClampedArray<ArrayBuffer>} rgba
 * @property {number} count of numbers shown
 * @property {number} below how many numbers were below 0, and are shown as 0
 * @property {number} above how many were above 255, and are shown as 255
 */

/** @type {Show[]} */
export const SHOWS = ["clip", "grey", "magnitude"];

const MID_GREY = 128;

/** What is to be shown of a result, before it is rounded and cut. @param {number} result @param {Show} show */
function level(result, show) {
  if (show === "grey") return result + MID_GREY;
  return show === "magnitude" ? Math.abs(result) : result;
}

/** How bright a result is shown: a whole number from 0 to 255. @param {number} result @param {Show} show */
export function shade(result, show) {
  return Uint8ClampedArray.of(level(result, show))[0];
}

/**
 * @param {Float64Array} output (channels, H_out, W_out)
 * @param {number} channels 1 or 3
 * @param {Show} show
 * @returns {Painting}
 */
export function paint(output, channels, show) {
  const cells = output.length / channels;
  const rgba = new Uint8ClampedArray(4 * cells).fill(255);
  let [below, above] = [0, 0];
  for (let c = 0; c < channels; c++) {
    for (let k = 0; k < cells; k++) {
      const shown = level(output[c * cells + k], show);
      if (shown < 0) below++;
      else if (shown > 255) above++;
      rgba[4 * k + c] = shown;
    }
  }
  if (channels === 1) spreadGrey(rgba);
  return { rgba, count: output.length, below, above };
}

/** The picture as it came. @param {import("./image-convolution.js").Photo} photo */
export function paintPhoto({ pixels, channels }) {
  const cells = pixels.length / channels;
  const rgba = new Uint8ClampedArray(4 * cells).fill(255);
  for (let k = 0; k < cells; k++) {
    for (let c = 0; c < channels; c++) rgba[4 * k + c] = pixels[channels * k + c];
  }
  if (channels === 1) spreadGrey(rgba);
  return rgba;
}

/** Green and blue as red is. @param {Uint8ClampedArray} rgba */
function spreadGrey(rgba) {
  for (let k = 0; k < rgba.length; k += 4) rgba[k + 1] = rgba[k + 2] = rgba[k];
}

/**
 * The way of showing that suits a kernel: where its weights cancel, results lie around 0.
 *
 * @param {number[][]} kernel
 * @returns {Show}
 */
export function suitedShow(kernel) {
  return kernel.flat().reduce((a, b) => a + b, 0) === 0 ? "grey" : "clip";
}
