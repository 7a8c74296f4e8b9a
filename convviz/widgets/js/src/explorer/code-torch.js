/** The lines of PyTorch that give the numbers of a picture. */

import { arrayLines, bool, call, comment, pair, printing, tuple, unusual } from "./code-python.js";

/** @typedef {import("../core/convolution.js").Scene} Scene */

/** PyTorch's padding layers by padding_mode; as convviz/frameworks/constructors.py has them. */
const PADS = {
  zeros: "ZeroPad2d",
  reflect: "ReflectionPad2d",
  replicate: "ReplicationPad2d",
  circular: "CircularPad2d",
};

/**
 * A program that prints the output; null where there is none.
 *
 * @param {Scene} scene
 */
export function torchCode(scene) {
  if (!scene.fits) return null;
  const { layer, height, width } = scene;
  const tensor = (/** @type {string} */ name, /** @type {string} */ axes, /** @type {any[]} */ values) =>
    arrayLines(name, axes, "torch.tensor", values, "torch.float64");
  // Conv2d's own "same" would do for a stride of 1, but warns where opposite sides differ.
  const alike = height.before === height.after && width.before === width.after;
  const print = printing(scene);
  return [
    "import torch",
    "",
    ...(alike ? [] : padLines(scene)),
    ...layerLines(scene, alike),
    "",
    comment("code_float64"),
    ...tensor("image", "(C_in, H, W)", layer.input),
    ...tensor("weight", "(C_out, C_in / groups, kH, kW)", layer.weight),
    ...(layer.bias ? tensor("bias", "(C_out,)", layer.bias) : []),
    "",
    "with torch.no_grad():",
    "    layer.weight.copy_(weight)",
    ...(layer.bias ? ["    layer.bias.copy_(bias)"] : []),
    `    output = layer(${alike ? "image" : "pad(image)"})`,
    "",
    ...(print.long ? [comment("code_print_all"), 'torch.set_printoptions(profile="full")'] : []),
    ...(print.whole ? [comment("code_whole"), "print(output.long())"] : ["print(output)"]),
    "",
  ].join("\n");
}

/** @param {Scene} scene */
function padLines({ layer, height, width }) {
  const sides = tuple(width.before, width.after, height.before, height.after);
  return [comment("code_torch_pad"), `pad = torch.nn.${PADS[layer.padding_mode]}(${sides})`];
}

/** @param {Scene} scene @param {boolean} alike whether the layer itself pads, alike on both sides */
function layerLines({ layer, height, width }, alike) {
  const same = layer.padding === "same";
  const byRule = same && alike && height.stride === 1 && width.stride === 1;
  const padding = byRule ? '"same"' : alike ? pair([height.before, width.before]) : "0";
  const named = unusual({
    kernel_size: [pair([height.kernel, width.kernel]), null],
    stride: [pair([height.stride, width.stride]), "1"],
    padding: [padding, "0"],
    dilation: [pair([height.dilation, width.dilation]), "1"],
    groups: [String(layer.groups), "1"],
    bias: [bool(layer.bias !== null), "True"],
    padding_mode: [`"${alike ? layer.padding_mode : "zeros"}"`, '"zeros"'],
  });
  const channels = [layer.input.length, layer.weight.length].map(String);
  const made = `layer = ${call("torch.nn.Conv2d", ...channels, ...named)}.double()`;
  return same && !byRule && padding !== "0" ? [comment("code_torch_same"), made] : [made];
}
