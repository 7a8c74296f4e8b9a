/**
 * The whole numbers that the sliders are linked to, and the settings that they stand for.
 *
 * A slider holds one number, a setting may hold several: stride is one number, or one for the
 * height and one for the width. So the model carries a knob for each number a slider can move.
 */

import { asPair, sidesOf } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").Pair} Pair
 * @typedef {import("./geometry.js").Padding} Padding
 * @typedef {{stride: Pair, padding: Padding, dilation: Pair}} Settings
 * @typedef {Record<string, number | boolean>} Knobs
 */

/**
 * Every knob as it stands when the settings are these.
 *
 * @param {Settings} settings
 * @param {Knobs} old knobs that say nothing at present keep their value
 * @returns {Knobs}
 */
export function knobsOf({ stride, padding, dilation }, old) {
  const [strideHeight, strideWidth] = asPair(stride);
  const [dilationHeight, dilationWidth] = asPair(dilation);
  const same = padding === "same";
  const unsized = { input: 0, kernel: 0, stride: 1, dilation: 1 };
  const [[top, bottom], [left, right]] = same
    ? [[old._padding_top, old._padding_bottom], [old._padding_left, old._padding_right]]
    : [sidesOf(padding, 0, unsized), sidesOf(padding, 1, unsized)];
  return {
    _stride: strideHeight,
    _stride_height: strideHeight,
    _stride_width: strideWidth,
    _dilation: dilationHeight,
    _dilation_height: dilationHeight,
    _dilation_width: dilationWidth,
    _padding: same ? old._padding : top,
    _padding_height: same ? old._padding_height : top,
    _padding_width: same ? old._padding_width : left,
    _padding_top: top,
    _padding_bottom: bottom,
    _padding_left: left,
    _padding_right: right,
    _padding_same: same,
  };
}

/**
 * The settings after one knob was turned.
 *
 * @param {string} knob @param {Knobs} knobs as they stand now
 * @returns {Partial<Settings>}
 */
export function settingsAfter(knob, knobs) {
  const number = (/** @type {string} */ name) => Number(knobs[name]);
  switch (knob) {
    case "_stride":
      return { stride: number("_stride") };
    case "_dilation":
      return { dilation: number("_dilation") };
    case "_padding":
      return { padding: number("_padding") };
    case "_padding_same":
      return { padding: knobs._padding_same ? "same" : number("_padding") };
    case "_stride_height":
    case "_stride_width":
      return { stride: [number("_stride_height"), number("_stride_width")] };
    case "_dilation_height":
    case "_dilation_width":
      return { dilation: [number("_dilation_height"), number("_dilation_width")] };
    case "_padding_height":
    case "_padding_width":
      return { padding: [number("_padding_height"), number("_padding_width")] };
    default:
      return {
        padding: [
          [number("_padding_top"), number("_padding_bottom")],
          [number("_padding_left"), number("_padding_right")],
        ],
      };
  }
}
