/** The lines of Keras that give the numbers of a picture. */

import { arrayLines, bool, call, comment, pair, printing, tuple, unusual } from "./code-python.js";
import { makeAxes } from "../core/geometry.js";

/**
 * @typedef {import("../core/convolution.js").Scene} Scene
 * @typedef {import("../core/geometry.js").Axis} Axis
 */

/** What numpy.pad calls the padding modes that Keras lacks. */
const NUMPY_MODES = { reflect: "reflect", replicate: "edge", circular: "wrap" };
const DTYPE = '"float64"';

/**
 * A program that prints the output, in PyTorch's order of axes; null where there is none.
 *
 * @param {Scene} scene
 */
export function kerasCode(scene) {
  if (!scene.fits) return null;
  const { layer } = scene;
  const array = (/** @type {string} */ name, /** @type {string} */ axes, /** @type {any[]} */ values) =>
    arrayLines(name, axes, "np.array", values, DTYPE);
  const choice = choose(scene);
  const byKeras = choice.padded && layer.padding_mode === "zeros";
  const print = printing(scene);
  return [
    "import keras",
    "import numpy as np",
    "",
    ...(byKeras ? zeroPadding(scene) : []),
    ...layerLines(scene, choice),
    "",
    comment("code_float64"),
    ...array("image", "(C_in, H, W)", layer.input),
    ...array("weight", "(C_out, C_in / groups, kH, kW)", layer.weight),
    ...(layer.bias ? array("bias", "(C_out,)", layer.bias) : []),
    "",
    comment("code_keras_images"),
    "images = image.transpose(1, 2, 0)[np.newaxis]",
    ...(byKeras ? ["images = pad(images)"] : choice.padded ? numpyPadding(scene) : []),
    "layer.build(images.shape)",
    ...weightLines(scene, choice),
    "",
    ...(choice.thinned ? [comment("code_keras_thinned")] : []),
    `outputs = layer(images)${choice.thinned ? thinning(scene) : ""}`,
    comment("code_keras_output"),
    "output = keras.ops.convert_to_numpy(outputs)[0].transpose(2, 0, 1)",
    ...(print.long ? [comment("code_print_all"), "np.set_printoptions(threshold=output.size)"] : []),
    ...(print.whole ? [comment("code_whole"), "print(output.astype(int))"] : ["print(output)"]),
    "",
  ].join("\n");
}

/**
 * How Keras gets the layer; the same decisions as in convviz/frameworks/constructors.py.
 *
 * @typedef {object} Choice
 * @property {boolean} padded whether something has to pad before the layer
 * @property {boolean} same whether Keras's own "same" pads
 * @property {boolean} depthwise DepthwiseConv2D instead of Conv2D
 * @property {boolean} thinned stride 1, and every S-th output of it
 *
 * @param {Scene} scene @returns {Choice}
 */
function choose({ layer, height, width }) {
  const strided = height.stride > 1 || width.stride > 1;
  const both = strided && (height.dilation > 1 || width.dilation > 1);
  const alone = layer.groups === layer.input.length;
  // On a CPU, TensorFlow may have no depthwise convolution with two different strides; with
  // dilation, Keras takes another way.
  const depthwise = alone && ((layer.groups > 1 && height.stride === width.stride) || both);
  const thinned = both && !depthwise;
  const none = [height, width].every(({ before, after }) => before + after === 0);
  const rule = makeAxes({
    inputSize: [height.input, width.input],
    kernelSize: [height.kernel, width.kernel],
    stride: thinned ? 1 : layer.stride,
    padding: "same",
    dilation: layer.dilation,
  });
  const matches = String(sidesOf({ height, width })) === String(sidesOf(rule));
  const same = matches && (none ? layer.padding === "same" : layer.padding_mode === "zeros");
  return { padded: !none && !same, same, depthwise, thinned };
}

/** @param {Scene} scene */
function zeroPadding(scene) {
  const made = call("keras.layers.ZeroPadding2D", tuple(...sidesOf(scene)), `dtype=${DTYPE}`);
  return [comment("code_keras_pad"), `pad = ${made}`];
}

/** @param {Scene} scene whose padding mode is one of those that Keras lacks */
function numpyPadding(scene) {
  const padding_mode = /** @type {keyof typeof NUMPY_MODES} */ (scene.layer.padding_mode);
  const mode = NUMPY_MODES[padding_mode];
  const sides = tuple("(0, 0)", ...sidesOf(scene), "(0, 0)");
  return [
    comment("code_keras_pad_mode", { padding_mode, mode }),
    `images = np.pad(images, ${sides}, mode="${mode}")`,
  ];
}

/** @param {{height: Axis, width: Axis}} axes @returns the padding, axis by axis, as Python has it */
function sidesOf({ height, width }) {
  return [tuple(height.before, height.after), tuple(width.before, width.after)];
}

/** @param {Scene} scene @param {Choice} choice */
function layerLines({ layer, height, width }, { same, depthwise, thinned }) {
  const { weight, bias, groups } = layer;
  const named = unusual({
    kernel_size: [pair([height.kernel, width.kernel]), null],
    depth_multiplier: [String(depthwise ? weight.length / groups : 1), "1"],
    strides: [thinned ? "1" : pair([height.stride, width.stride]), "1"],
    padding: [same ? '"same"' : '"valid"', '"valid"'],
    dilation_rate: [pair([height.dilation, width.dilation]), "1"],
    groups: [String(depthwise ? 1 : groups), "1"],
    use_bias: [bool(bias !== null), "True"],
    dtype: [DTYPE, null],
  });
  if (!depthwise) {
    const made = call("keras.layers.Conv2D", String(weight.length), ...named);
    return [...(thinned ? [comment("code_keras_stride_one")] : []), `layer = ${made}`];
  }
  const why = groups > 1 ? "code_keras_depthwise" : "code_keras_depthwise_one";
  return [comment(why), `layer = ${call("keras.layers.DepthwiseConv2D", ...named)}`];
}

/** @param {Scene} scene @param {Choice} choice */
function weightLines({ layer }, { depthwise }) {
  const { groups, weight } = layer;
  const bias = layer.bias ? ", bias" : "";
  if (!depthwise) {
    const order = comment("code_keras_kernel");
    return [order, `layer.set_weights([weight.transpose(2, 3, 1, 0)${bias}])`];
  }
  const multiplier = weight.length / groups;
  const shape = tuple(groups, multiplier, weight[0][0].length, weight[0][0][0].length);
  return [
    comment("code_keras_depthwise_kernel"),
    `kernel = weight.reshape${shape}.transpose(2, 3, 0, 1)`,
    `layer.set_weights([kernel${bias}])`,
  ];
}

/** @param {Scene} scene */
function thinning({ height, width }) {
  const steps = [height, width].map(({ stride }) => (stride > 1 ? `::${stride}` : ":"));
  return `[:, ${steps.join(", ")}]`;
}
