/** Kernels of 3 x 3 that are known by name, in whole numbers and what their sums are divided by. */

/**
 * @typedef {object} Preset
 * @property {string} name its key in the catalogue
 * @property {number[][]} kernel
 * @property {number} divisor
 */

/** @type {Preset[]} */
export const presets = [
  { name: "preset_identity", kernel: [[0, 0, 0], [0, 1, 0], [0, 0, 0]], divisor: 1 },
  { name: "preset_box_blur", kernel: [[1, 1, 1], [1, 1, 1], [1, 1, 1]], divisor: 9 },
  { name: "preset_gaussian_blur", kernel: [[1, 2, 1], [2, 4, 2], [1, 2, 1]], divisor: 16 },
  { name: "preset_sharpen", kernel: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]], divisor: 1 },
  { name: "preset_horizontal_edges", kernel: [[-1, -2, -1], [0, 0, 0], [1, 2, 1]], divisor: 1 },
  { name: "preset_vertical_edges", kernel: [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], divisor: 1 },
  { name: "preset_all_edges", kernel: [[0, 1, 0], [1, -4, 1], [0, 1, 0]], divisor: 1 },
  { name: "preset_emboss", kernel: [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], divisor: 1 },
];

/**
 * The preset that a kernel is, if it is one.
 *
 * @param {number[][]} kernel @param {number} divisor
 */
export function findPreset(kernel, divisor) {
  const same = (/** @type {Preset} */ preset) =>
    preset.divisor === divisor && JSON.stringify(preset.kernel) === JSON.stringify(kernel);
  return presets.find(same);
}
