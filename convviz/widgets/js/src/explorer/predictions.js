/**
 * Predict, then check, without a kernel: the browser's twin of convviz/mistakes.py and exercises.py.
 * The same prediction gets the same words there.
 */

import { text } from "../core/catalogue.js";
import { makeScene, trace, valueAt } from "../core/convolution.js";
import { alike, readIndex } from "../core/geometry.js";
import { exact, parseNumber, short } from "../core/numerals.js";

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 * @typedef {import("../core/convolution.js").Layer} Layer
 * @typedef {import("../core/convolution.js").Scene} Scene
 * @typedef {{c_out: number, i: number, j: number}} Shown an output cell
 *
 * @typedef {object} Question
 * @property {"output_size" | "output_value"} kind
 * @property {Scene} scene
 * @property {Shown} shown the cell asked for; of no account for a size
 *
 * @typedef {{right: boolean, words: string}} Answer
 */

/** How far a predicted number may be off where not all numbers are whole: three digits will do. */
const ROUNDING = 0.005;

/**
 * Check a predicted output size. 0 along an axis where the kernel does not fit says that there is
 * no output.
 *
 * @param {[number, number]} predicted height and width
 * @param {{height: Axis, width: Axis}} axes
 * @returns {Answer}
 */
export function checkOutputSize(predicted, { height, width }) {
  const axes = [height, width];
  const prediction = `(${predicted.map(exact).join(", ")})`;
  const misfits = predicted.filter((_, k) => axes[k].output === 0);
  if (misfits.length > 0 && misfits.every((number) => number === 0)) {
    return { right: true, words: text("prediction_right_no_output", { prediction }) };
  }
  if (predicted.every((number, k) => number === axes[k].output)) {
    return { right: true, words: text("prediction_right", { prediction }) };
  }
  return { right: false, words: text(sizeMistake(predicted, axes), { prediction }) };
}

/**
 * The key of the sentence about the mistake that leads to `predicted`.
 *
 * @param {[number, number]} predicted @param {Axis[]} axes
 */
function sizeMistake(predicted, axes) {
  if (predicted[0] === axes[1].output && predicted[1] === axes[0].output) return "mistake_swapped";
  for (const [k, axis] of axes.entries()) {
    if (predicted[k] === axis.output) continue;
    const made = wrongSizes(axis).find(([, size]) => size === predicted[k]);
    if (made) return `mistake_${made[0]}`;
  }
  return "prediction_wrong";
}

/**
 * What each usual mistake makes of an output size.
 *
 * @param {Axis} axis
 * @returns {[string, number][]}
 */
function wrongSizes({ input, kernel, stride, dilation, before, span, padded }) {
  const steps = (/** @type {number} */ room) => Math.floor(room / stride);
  return [
    ["below_zero", steps(padded - span) + 1],
    ["plus_one", steps(padded - span)],
    ["ceiling", Math.ceil((padded - span) / stride) + 1],
    ["one_side", steps(before + input - span) + 1],
    ["no_padding", steps(input - span) + 1],
    ["no_stride", padded - span + 1],
    ["no_dilation", steps(padded - kernel) + 1],
    ["dilation_times_kernel", steps(padded - dilation * kernel) + 1],
  ];
}

/**
 * Check a predicted output number. A number rounded to three digits will do, unless every number
 * of the layer and its input is whole.
 *
 * @param {number} predicted
 * @param {Scene} scene with an output
 * @param {Shown} shown
 * @returns {Answer}
 */
export function checkOutputValue(predicted, scene, shown) {
  const { c_out, i, j } = shown;
  const rounding = allWhole(scene.layer) ? 0 : ROUNDING;
  const isPredicted = (/** @type {number} */ value) =>
    Math.abs(predicted - value) <= 1e-8 + rounding * Math.abs(value);
  const prediction = exact(predicted);
  if (isPredicted(scene.output[c_out][i][j])) {
    return { right: true, words: text("prediction_right", { prediction }) };
  }
  const places = { prediction, i, j, padding_mode: scene.layer.padding_mode };
  for (const [mistake, value] of wrongValues(scene, shown)) {
    if (isPredicted(value)) return { right: false, words: text(`mistake_${mistake}`, places) };
  }
  return { right: false, words: text("prediction_wrong_value", { prediction }) };
}

/** @param {Layer} layer */
function allWhole({ input, weight, bias }) {
  return [input, weight, bias ?? []].every((array) =>
    /** @type {number[]} */ (array.flat(Infinity)).every(Number.isInteger),
  );
}

/**
 * What each usual mistake makes of an output number.
 *
 * @param {Scene} scene @param {Shown} shown
 * @returns {Generator<[string, number]>}
 */
function* wrongValues(scene, { c_out, i, j }) {
  const { layer, height, width, output } = scene;
  const { parts, bias } = trace(scene, c_out, i, j);
  const ownBias = bias ?? 0;
  const relaid = (/** @type {(kernel: number[][], u: number, v: number) => number} */ weightAt) => {
    let sum = 0;
    for (const [c, { channel }] of parts.entries()) {
      for (let u = 0; u < height.kernel; u++) {
        for (let v = 0; v < width.kernel; v++) {
          const value = valueAt(scene, channel, readIndex(height, i, u), readIndex(width, j, v));
          sum += value * weightAt(layer.weight[c_out][c], u, v);
        }
      }
    }
    return sum;
  };
  yield ["no_bias", parts.reduce((total, { sum }) => total + sum, 0)];
  const flipped = relaid((kernel, u, v) => kernel[height.kernel - 1 - u][width.kernel - 1 - v]);
  yield ["flipped", flipped + ownBias];
  yield ["flipped", flipped];
  if (height.kernel === width.kernel) {
    yield ["transposed", relaid((kernel, u, v) => kernel[v][u]) + ownBias];
  }
  for (const { sum } of parts) {
    yield ["one_channel", sum + ownBias];
    yield ["one_channel", sum];
  }
  for (const [mistake, misread] of misreadLayers(scene)) {
    const value = makeScene(misread).output[c_out]?.[i]?.[j];
    if (value !== undefined) yield [mistake, value];
  }
  const swapped = output[c_out][j]?.[i];
  if (swapped !== undefined) yield ["cell_swapped", swapped];
}

/**
 * The layers that this one is mistaken for, by what is left out.
 *
 * @param {Scene} scene
 * @returns {[string, Layer][]}
 */
function misreadLayers({ layer, height, width }) {
  /** @type {Layer} */
  const padded = {
    ...layer,
    padding: [
      [height.before, height.after],
      [width.before, width.after],
    ],
  };
  return [
    ["no_stride", { ...padded, stride: 1 }],
    ["no_padding", { ...padded, padding: 0 }],
    ["no_dilation", { ...padded, dilation: 1 }],
    ["no_padding_mode", { ...padded, padding_mode: "zeros" }],
    ["no_groups", { ...padded, input: layer.input.slice(0, layer.weight[0].length), groups: 1 }],
  ];
}

/**
 * Whether there is anything to predict: a cell needs an output, and a size a padding that the
 * padding mode can fill.
 *
 * @param {Question} question
 */
export function isAskable({ kind, scene }) {
  return kind === "output_size" ? scene.unfillable.length === 0 : scene.fits;
}

/**
 * The question in words, or why there is none.
 *
 * @param {Question} question
 */
export function questionWords(question) {
  if (!isAskable(question)) return text("predict_nothing");
  return text(`predict_${question.kind}`, question.shown);
}

/**
 * The answer in words, for one who asks to be shown it.
 *
 * @param {Question} question
 */
export function answerWords({ kind, scene, shown }) {
  const { height, width, output } = scene;
  if (kind === "output_value") {
    const value = short(output[shown.c_out][shown.i][shown.j]);
    return text("predict_output_value_answer", { ...shown, value });
  }
  if (height.output === 0 || width.output === 0) return text("predict_no_output_answer");
  return text("predict_output_size_answer", { height: height.output, width: width.output });
}

/**
 * What to say to a learner who asks for a check.
 *
 * @param {Question} question
 * @param {string[]} typed height and width, or the one value
 * @returns {Answer & {counts: boolean, wrong: boolean[]}} whether it counts as a try, and which
 *   fields are not as they should be
 */
export function answerTo(question, typed) {
  const { kind, scene, shown } = question;
  const refused = (/** @type {string} */ words, /** @type {boolean[]} */ wrong) => ({
    right: false,
    words,
    counts: false,
    wrong,
  });
  const numbers = typed.map(parseNumber);
  const isAllowed = kind === "output_size" ? Number.isInteger : Number.isFinite;
  const empty = typed.map(isEmpty);
  const unreadable = numbers.map((number, k) => !empty[k] && !isAllowed(number));
  if (unreadable.includes(true)) return refused(text(`predict_${kind}_unreadable`), unreadable);
  if (!empty.includes(false)) return refused(text(`predict_${kind}_empty`), empty);
  if (empty.includes(true)) return refused(text("predict_output_size_both"), empty);

  const [first, second] = /** @type {number[]} */ (numbers);
  if (kind === "output_value") {
    const answer = checkOutputValue(first, scene, shown);
    return { ...answer, counts: true, wrong: [!answer.right] };
  }
  const answer = checkOutputSize([first, second], scene);
  const wrong = [first !== scene.height.output, second !== scene.width.output];
  return { ...answer, counts: true, wrong: wrong.map((differs) => differs && !answer.right) };
}

/**
 * Where height and width are alike, one number will do for both.
 *
 * @param {Question} question @param {string[]} typed
 */
export function completed({ kind, scene }, typed) {
  if (kind !== "output_size" || !alike(scene.height, scene.width)) return typed;
  const [height, width] = typed.map((field) => (Number.isInteger(parseNumber(field)) ? field : ""));
  return [isEmpty(typed[0]) ? width : typed[0], isEmpty(typed[1]) ? height : typed[1]];
}

/** @param {string} field */
function isEmpty(field) {
  return field.trim() === "";
}
