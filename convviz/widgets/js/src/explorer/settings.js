/**
 * The settings in the forms that they can be written in, and the forms that a learner can choose.
 *
 * stride and dilation are one number or (height, width); padding is one number, (height, width),
 * ((top, bottom), (left, right)), "valid" or "same". Neither framework has a word for "full"
 * padding, so it is a form of the picture only: the numbers that it stands for are the setting.
 */

import { axesOf } from "../core/convolution.js";
import { asPair, sidesOf } from "../core/geometry.js";

/**
 * @typedef {import("../core/geometry.js").Pair} Pair
 * @typedef {import("../core/geometry.js").Padding} Padding
 * @typedef {import("../core/convolution.js").Layer} Layer
 * @typedef {{stride: Pair, padding: Padding, dilation: Pair}} Settings
 * @typedef {"number" | "pair" | "sides" | "valid" | "same" | "full"} PaddingForm
 * @typedef {{_stride: number, _dilation: number, _padding: number}} Knobs what the sliders that
 *   hold one number are linked to; they keep their value while the setting has another form
 */

/** @type {PaddingForm[]} */
export const PADDING_FORMS = ["number", "pair", "sides", "valid", "same", "full"];

/**
 * @param {Settings} settings @param {boolean} full whether the padding is the form "full"
 * @param {Knobs} old
 * @returns {Knobs}
 */
export function knobsOf({ stride, padding, dilation }, full, old) {
  return {
    _stride: Array.isArray(stride) ? old._stride : stride,
    _dilation: Array.isArray(dilation) ? old._dilation : dilation,
    _padding: typeof padding === "number" && !full ? padding : old._padding,
  };
}

/** @param {Padding} padding @param {boolean} full @returns {PaddingForm} */
export function formOf(padding, full) {
  if (full) return "full";
  if (typeof padding === "number") return "number";
  if (typeof padding === "string") return padding;
  return Array.isArray(padding[0]) ? "sides" : "pair";
}

/**
 * The padding of `layer` written in another form, and as near to what it is as that form allows.
 *
 * @param {PaddingForm} form @param {Layer} layer
 * @returns {Padding}
 */
export function paddingAs(form, layer) {
  if (form === "valid" || form === "same") return form;
  if (form === "full") return fullPadding(layer);
  const { height, width } = axesOf(layer);
  if (form === "sides") return [[height.before, height.after], [width.before, width.after]];
  return form === "pair" ? [height.before, width.before] : height.before;
}

/**
 * The padding with which the kernel begins with one cell on the input and ends with one.
 *
 * @param {Layer} layer
 * @returns {Padding}
 */
export function fullPadding({ weight, dilation }) {
  const [down, right] = asPair(dilation);
  const [height, width] = [down * (weight[0][0].length - 1), right * (weight[0][0][0].length - 1)];
  return height === width ? height : [height, width];
}

/**
 * Whether height and width have settings of their own.
 *
 * @param {Layer} layer
 */
export function isApart({ stride, padding, dilation, weight }) {
  const paired = Array.isArray(padding) && !Array.isArray(padding[0]);
  const kernel = weight[0][0];
  return Array.isArray(stride) || Array.isArray(dilation) || paired || kernel.length !== kernel[0].length;
}

/**
 * The settings with height and width written apart, or together as the height has them.
 *
 * @param {boolean} apart @param {Layer} layer
 * @returns {Settings}
 */
export function setApart(apart, { stride, padding, dilation }) {
  const write = (/** @type {Pair} */ pair) => (apart ? asPair(pair) : asPair(pair)[0]);
  const [height, width] = [0, 1].map((k) => sidesOf(padding, k, { input: 0, kernel: 0, stride: 1, dilation: 1 })[0]);
  const oneNumber = typeof padding === "number" || (Array.isArray(padding) && !Array.isArray(padding[0]));
  return {
    stride: write(stride),
    dilation: write(dilation),
    padding: oneNumber ? (apart ? [height, width] : height) : padding,
  };
}

/**
 * Numbers that groups can take: those that divide the channels on both sides.
 *
 * @param {Layer} layer
 */
export function possibleGroups({ input, weight }) {
  return Array.from({ length: input.length }, (_, k) => k + 1).filter(
    (groups) => input.length % groups === 0 && weight.length % groups === 0,
  );
}
