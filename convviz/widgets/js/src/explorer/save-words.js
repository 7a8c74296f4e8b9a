/** What a saved picture is called, by its file, by a reader and by a screen reader. */

import { text } from "../core/catalogue.js";

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 *
 * @typedef {object} Description
 * @property {string} name of the file, without its ending
 * @property {string} title
 * @property {string} description
 */

/**
 * @param {import("../core/convolution.js").Scene} scene
 * @param {boolean} veiled whether the size of the output is still to be found out
 * @returns {Description}
 */
export function describePicture({ layer, height, width, fits, tooLarge }, veiled) {
  const places = {
    input: shape(layer.input.length, height.input, width.input),
    weight: shape(layer.weight.length, layer.weight[0].length, height.kernel, width.kernel),
    stride: pair(height.stride, width.stride),
    padding: padding(height, width),
    dilation: pair(height.dilation, width.dilation),
    groups: layer.groups,
    padding_mode: layer.padding_mode,
    output: shape(layer.weight.length, height.output, width.output),
  };
  const kind = veiled || tooLarge ? "saved_description_veiled" : fits ? "saved_description" : "saved_description_no_output";
  return {
    name: fileName(layer, height, width),
    title: text("saved_title", {
      height: height.input,
      width: width.input,
      kernel_height: height.kernel,
      kernel_width: width.kernel,
    }),
    description: text(kind, places),
  };
}

/**
 * The setting in a file's name: sizes and stride, and of the rest what is not as usual.
 *
 * @param {{groups: number, padding_mode: string}} layer @param {Axis} height @param {Axis} width
 */
function fileName({ groups, padding_mode }, height, width) {
  const by = (/** @type {number} */ rows, /** @type {number} */ columns) =>
    rows === columns ? `${rows}` : `${rows}x${columns}`;
  const even = height.before === height.after && width.before === width.after;
  const sides = even
    ? by(height.before, width.before)
    : [height.before, height.after, width.before, width.after].join("-");
  const settings = [
    ["padding", sides, "0"],
    ["dilation", by(height.dilation, width.dilation), "1"],
    ["groups", String(groups), "1"],
    ["mode", padding_mode, "zeros"],
  ];
  return [
    `convolution-${height.input}x${width.input}`,
    `kernel-${height.kernel}x${width.kernel}`,
    `stride-${by(height.stride, width.stride)}`,
    ...settings.filter(([, value, usual]) => value !== usual).map(([name, value]) => `${name}-${value}`),
  ].join("-");
}

/** @param {Axis} height @param {Axis} width as Python writes it */
function padding(height, width) {
  if (height.before === height.after && width.before === width.after) return pair(height.before, width.before);
  return `((${height.before}, ${height.after}), (${width.before}, ${width.after}))`;
}

/** @param {number} first @param {number} second */
function pair(first, second) {
  return first === second ? String(first) : shape(first, second);
}

/** @param {...number} sizes */
function shape(...sizes) {
  return `(${sizes.join(", ")})`;
}
