/** How large a cell is drawn, so that the picture fits its width. Lengths are in CSS pixels. */

const LARGEST = 36;
const COMFORTABLE = 28;
const SMALLEST = 20;
/** Rows of all channels together, drawn higher than this, are no longer seen at one glance. */
const TALLEST = 900;
/** What stands beside the cells of one channel: the signs × = Σ, the partial sum, the gaps. */
const SIGNS = 172;
/** The same for kernel and products alone, where they stand below the input. */
const SIGNS_BELOW = 72;
const GAP_TO_OUTPUT = 48;

/**
 * The size of a cell: as large as fits with input, kernel, products and output in one line;
 * else with the outputs below; else with the kernels below too. The wrapping itself is CSS's.
 *
 * @param {number} width room for the picture
 * @param {{input: number, kernel: number, output: number}} columns of cells in each grid
 * @param {number} rows of cells in all input channels together
 */
export function cellSize(width, { input, kernel, output }, rows) {
  const inOneLine = (width - SIGNS - GAP_TO_OUTPUT) / (input + 2 * kernel + output);
  const outputsBelow = Math.min((width - SIGNS) / (input + 2 * kernel), width / output);
  const kernelsBelow = Math.min(width / Math.max(input, output), (width - SIGNS_BELOW) / (2 * kernel));
  const fitting = [inOneLine, outputsBelow].find((cell) => cell >= COMFORTABLE) ?? kernelsBelow;
  const largest = Math.min(LARGEST, Math.max(TALLEST / rows, SMALLEST));
  return Math.floor(Math.min(Math.max(fitting, SMALLEST), largest));
}
