/**
 * One layer padded twice: as Keras does it for padding="same", and as a PyTorch layer is usually
 * written, with padding=kernel_size // 2.
 */

import { text } from "../core/catalogue.js";
import { makeScene } from "../core/convolution.js";
import { asPair } from "../core/geometry.js";

/**
 * @typedef {import("../core/convolution.js").Layer} Layer
 * @typedef {import("../core/convolution.js").Scene} Scene
 * @typedef {[[number, number], [number, number]]} Sides cells added: top, bottom; left, right
 *
 * @typedef {{scene: Scene, sides: Sides, refused: null}
 *   | {scene: null, sides: null, refused: string}} KerasSide refused is the sentence that says why
 *
 * @typedef {object} TorchSide
 * @property {Scene} scene
 * @property {[number, number]} padding the argument, along height and width
 * @property {Sides} sides
 *
 * @typedef {{keras: boolean[][][], torch: boolean[][][]}} Differing one entry for each output
 *   cell (c_out, i, j) of either side: whether the other side has another number there, or none
 *
 * @typedef {object} Comparison
 * @property {KerasSide} keras
 * @property {TorchSide} torch
 * @property {Differing | null} differing null where Keras refuses the layer, or one is too large
 */

/**
 * The layer's own padding and padding_mode are set aside: both sides pad with zeros. The kernel
 * fits both, whatever the layer: each adds enough for one output at least.
 *
 * @param {Layer} layer
 * @returns {Comparison}
 */
export function compareSame(layer) {
  const keras = kerasSide(layer);
  const torch = torchSide(layer);
  const shown = keras.scene && !keras.scene.tooLarge && !torch.scene.tooLarge;
  return { keras, torch, differing: shown ? differingCells(keras.scene, torch.scene) : null };
}

/** @param {Layer} layer @returns {KerasSide} */
function kerasSide(layer) {
  const [stride, dilation] = [asPair(layer.stride), asPair(layer.dilation)];
  if (Math.max(...stride) > 1 && Math.max(...dilation) > 1) {
    const refused = text("same_keras_refuses", {
      stride_height: stride[0],
      stride_width: stride[1],
      dilation_height: dilation[0],
      dilation_width: dilation[1],
    });
    return { scene: null, sides: null, refused };
  }
  const scene = makeScene({ ...layer, padding: "same", padding_mode: "zeros" });
  return { scene, sides: sidesOf(scene), refused: null };
}

/**
 * With dilation the kernel's middle lies dilation * (kernel_size // 2) cells from its first, so
 * that is what makes an odd kernel keep the size at stride 1, and what people write.
 *
 * @param {Layer} layer
 * @returns {TorchSide}
 */
function torchSide(layer) {
  const dilation = asPair(layer.dilation);
  const kernel = [layer.weight[0][0].length, layer.weight[0][0][0].length];
  const [height, width] = kernel.map((cells, k) => dilation[k] * Math.floor(cells / 2));
  const scene = makeScene({ ...layer, padding: [height, width], padding_mode: "zeros" });
  return { scene, padding: [height, width], sides: sidesOf(scene) };
}

/** @param {Scene} scene @returns {Sides} */
function sidesOf({ height, width }) {
  return [
    [height.before, height.after],
    [width.before, width.after],
  ];
}

/** @param {Scene} keras @param {Scene} torch @returns {Differing} */
function differingCells(keras, torch) {
  const slack = keras.layer.weight.map((_, c_out) => rounding(keras.layer, c_out));
  const marks = (/** @type {Scene} */ own, /** @type {Scene} */ other) =>
    own.output.map((rows, c_out) =>
      rows.map((row, i) =>
        row.map((value, j) => {
          const twin = other.output[c_out][i]?.[j];
          return twin === undefined || Math.abs(value - twin) > slack[c_out];
        }),
      ),
    );
  return { keras: marks(keras, torch), torch: marks(torch, keras) };
}

/**
 * How far apart two sums of output channel c_out may lie that would be equal without rounding.
 *
 * Two windows may hold the same terms in another order. A sum of n terms is off by at most
 * n * EPSILON / 2 times their magnitudes' sum, which is bounded here from above. Sums of whole
 * numbers are exact, as long as a double holds them.
 *
 * @param {Layer} layer @param {number} c_out
 */
function rounding({ input, weight, bias }, c_out) {
  const values = input.flat(2);
  const weights = weight[c_out].flat(2);
  const offset = bias?.[c_out] ?? 0;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const bound = weights.reduce((sum, w) => sum + Math.abs(w) * largest, Math.abs(offset));
  const whole = [...values, ...weights, offset].every(Number.isInteger);
  if (whole && bound <= Number.MAX_SAFE_INTEGER) return 0;
  return (weights.length + 1) * Number.EPSILON * bound;
}

/**
 * The comparison of one output channel in a sentence.
 *
 * @param {Comparison} comparison @param {number} c_out
 */
export function summary({ keras, torch, differing }, c_out) {
  if (!keras.scene || !differing) return text("same_nothing_to_compare");
  const own = { height: keras.scene.height.output, width: keras.scene.width.output };
  const other = { height: torch.scene.height.output, width: torch.scene.width.output };
  if (own.height !== other.height || own.width !== other.width) {
    return text("same_sizes_differ", {
      keras_height: own.height,
      keras_width: own.width,
      torch_height: other.height,
      torch_width: other.width,
    });
  }
  const marks = differing.keras[c_out].flat();
  const [count, different] = [marks.length, marks.filter(Boolean).length];
  if (different === 0) {
    return text(startsAlike(keras.scene, torch.scene) ? "same_equal" : "same_equal_by_chance");
  }
  if (count === 1) return text("same_only_value_differs");
  if (different === 1) return text("same_one_differs", { count });
  return text("same_many_differ", { differing: different, count });
}

/** @param {Scene} a @param {Scene} b */
function startsAlike(a, b) {
  return a.height.before === b.height.before && a.width.before === b.width.before;
}

/**
 * What PyTorch's own padding="same" does with this layer, in a sentence.
 *
 * @param {Layer} layer
 */
export function torchSame({ stride }) {
  return text(Math.max(...asPair(stride)) > 1 ? "same_torch_refuses" : "same_torch_agrees");
}
