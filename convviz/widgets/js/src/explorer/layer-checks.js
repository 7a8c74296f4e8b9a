/** Which values of a layer's traits make sense, by themselves and together. */

import { isAny, isOneOf, isPairOf, isWhole, shapeOf } from "../core/guard.js";

/**
 * @typedef {import("../core/guard.js").Check} Check
 * @typedef {{input: unknown, weight: unknown, bias: unknown, groups: unknown}} Parts
 */

export const MODES = ["zeros", "reflect", "replicate", "circular"];

const isStep = isAny(isWhole(1), isPairOf(isWhole(1)));
const isSides = isPairOf(isWhole(0));

/** Those that are right or wrong by themselves. @type {Record<string, Check>} */
export const SETTINGS = {
  stride: isStep,
  dilation: isStep,
  padding: isAny(isWhole(0), isSides, isPairOf(isSides), isOneOf("valid", "same")),
  padding_mode: isOneOf(...MODES),
};

/** Whether these arrays are one layer and its input. @param {Parts} parts */
export function belongTogether({ input, weight, bias, groups }) {
  const [ofInput, ofWeight] = [shapeOf(input), shapeOf(weight)];
  if (ofInput?.length !== 3 || ofWeight?.length !== 4 || !isWhole(1)(groups)) return false;
  const [filters, channels] = ofWeight;
  const biased = bias === null || String(shapeOf(bias)) === String(filters);
  return biased && channels * Number(groups) === ofInput[0] && filters % Number(groups) === 0;
}
