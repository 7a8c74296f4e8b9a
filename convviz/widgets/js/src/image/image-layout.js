/** Where the pictures lie and how large they are drawn. Lengths in CSS pixels, or in pixels of the input. */

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 */

const GAP = 28;
/** Two pictures narrower than this are too small to compare. */
const NARROWEST_PAIR = 520;
const TALLEST = 400;

const LARGEST_CELL = 38;
/** Less has no room for a product of four digits and its sign. */
const SMALLEST_CELL = 20;
const SMALLEST_BESIDE = 30;
/** What stands beside the grids of one channel: × = Σ and the numbers after them. */
const SIGNS = 260;
const SIGNS_BELOW = 40;

/**
 * How many CSS pixels a pixel of the input takes, the same before and after.
 *
 * @param {number} room @param {Axis} height @param {Axis} width
 */
export function pairScale(room, height, width) {
  const column = room < NARROWEST_PAIR ? room : (room - GAP) / 2;
  const [rows, columns] = [height, width].map((axis) => Math.max(axis.input, axis.output));
  return Math.min(column / columns, TALLEST / rows);
}

/**
 * Where the result lies over the input: each of its pixels is a square of stride x stride, in the
 * middle of the window that it was made from. In pixels of the input.
 *
 * @param {Axis} height @param {Axis} width
 * @returns {Box}
 */
export function placeOver(height, width) {
  const start = (/** @type {Axis} */ axis) => (axis.span - axis.stride) / 2 - axis.before;
  return {
    left: start(width),
    top: start(height),
    width: width.output * width.stride,
    height: height.output * height.stride,
  };
}

/**
 * What input and result take up together when one lies over the other.
 *
 * @param {Axis} height @param {Axis} width
 * @returns {Box}
 */
export function overlayFrame(height, width) {
  const over = placeOver(height, width);
  const [left, top] = [Math.min(0, over.left), Math.min(0, over.top)];
  return {
    left,
    top,
    width: Math.max(width.input, over.left + over.width) - left,
    height: Math.max(height.input, over.top + over.height) - top,
  };
}

/** @param {number} room @param {Box} frame */
export function overlayScale(room, frame) {
  return Math.min(room / frame.width, TALLEST / frame.height);
}

/**
 * The cells that the kernel spans for output (i, j), in pixels of the input.
 *
 * @param {Axis} height @param {Axis} width @param {number} i @param {number} j
 * @returns {Box}
 */
export function windowBox(height, width, i, j) {
  return {
    left: j * width.stride - width.before,
    top: i * height.stride - height.before,
    width: width.span,
    height: height.span,
  };
}

/**
 * The index of the pixel at a share of a picture's length.
 *
 * @param {number} share from 0 to 1 @param {number} count of pixels
 */
export function pixelAt(share, count) {
  return clamp(Math.floor(share * count), count);
}

/** The middle of the window of output i, as an index of the input. @param {Axis} axis @param {number} i */
export function middleOf(axis, i) {
  return i * axis.stride - axis.before + (axis.span - 1) / 2;
}

/** The output whose window has its middle nearest to input index r. @param {Axis} axis @param {number} r */
export function outputNear(axis, r) {
  return clamp(Math.round((r - middleOf(axis, 0)) / axis.stride), axis.output);
}

/** @param {number} index @param {number} count */
export function clamp(index, count) {
  return Math.min(Math.max(index, 0), count - 1);
}

/**
 * The size of a cell of the enlarged window: input, kernel and products in one line, else one
 * below the other.
 *
 * @param {number} room @param {number} columns of the kernel
 */
export function lensCell(room, columns) {
  const beside = (room - SIGNS) / (3 * columns);
  const fitting = beside >= SMALLEST_BESIDE ? beside : (room - SIGNS_BELOW) / columns;
  return Math.floor(Math.min(Math.max(fitting, SMALLEST_CELL), LARGEST_CELL));
}
