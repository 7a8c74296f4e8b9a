/**
 * Where a convolution looks: the browser's twin of convviz/axis.py and geometry.py.
 * One Axis describes the height or the width completely; no data comes in here.
 */

/**
 * @typedef {"zeros" | "reflect" | "replicate" | "circular"} PaddingMode
 * @typedef {number | [number, number] | [[number, number], [number, number]] | "valid" | "same"} Padding
 * @typedef {number | [number, number]} Pair
 *
 * @typedef {object} Axis
 * @property {number} input cells of the input
 * @property {number} kernel cells of the kernel
 * @property {number} stride
 * @property {number} dilation
 * @property {number} before padding before the first input cell
 * @property {number} after padding after the last input cell
 * @property {number} span cells from the kernel's first to its last
 * @property {number} padded cells of the input with its padding
 * @property {number} output cells of the output; 0 if the kernel does not fit
 * @property {number} remainder cells at the end that the division leaves over
 */

/**
 * @param {{input: number, kernel: number, stride?: number, dilation?: number,
 *   before?: number, after?: number}} settings
 * @returns {Axis}
 */
export function makeAxis({ input, kernel, stride = 1, dilation = 1, before = 0, after = 0 }) {
  const span = dilation * (kernel - 1) + 1;
  const padded = before + input + after;
  const room = padded - span;
  return {
    input,
    kernel,
    stride,
    dilation,
    before,
    after,
    span,
    padded,
    output: room < 0 ? 0 : Math.floor(room / stride) + 1,
    remainder: room < 0 ? 0 : room % stride,
  };
}

/**
 * Both axes of one setting, from arguments in any of the forms that Python takes.
 *
 * @param {{inputSize: [number, number], kernelSize: [number, number], stride: Pair,
 *   padding: Padding, dilation: Pair}} settings
 * @returns {{height: Axis, width: Axis}}
 */
export function makeAxes({ inputSize, kernelSize, stride, padding, dilation }) {
  const [strides, dilations] = [asPair(stride), asPair(dilation)];
  const [height, width] = [0, 1].map((k) => {
    const settings = {
      input: inputSize[k],
      kernel: kernelSize[k],
      stride: strides[k],
      dilation: dilations[k],
    };
    const [before, after] = sidesOf(padding, k, settings);
    return makeAxis({ ...settings, before, after });
  });
  return { height, width };
}

/** @param {Pair} value @returns {[number, number]} */
export function asPair(value) {
  return Array.isArray(value) ? [value[0], value[1]] : [value, value];
}

/**
 * Padding before and after, along axis k (0 is the height).
 *
 * @param {Padding} padding
 * @param {number} k
 * @param {{input: number, kernel: number, stride: number, dilation: number}} settings
 * @returns {[number, number]}
 */
export function sidesOf(padding, k, { input, kernel, stride, dilation }) {
  if (padding === "valid") return [0, 0];
  if (padding === "same") {
    const outputs = Math.ceil(input / stride);
    const total = Math.max((outputs - 1) * stride + dilation * (kernel - 1) + 1 - input, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  const side = Array.isArray(padding) ? padding[k] : padding;
  return Array.isArray(side) ? side : [side, side];
}

/**
 * The input index that output i reads with kernel index u; padding lies outside 0 ... input - 1.
 *
 * @param {Axis} axis @param {number} i @param {number} u
 */
export function readIndex(axis, i, u) {
  return i * axis.stride - axis.before + u * axis.dilation;
}

/**
 * Every (output i, kernel u) that meets input index r, by rising i.
 *
 * @param {Axis} axis @param {number} r
 * @returns {{i: number, u: number}[]}
 */
export function readersOf(axis, r) {
  const readers = [];
  for (let u = axis.kernel - 1; u >= 0; u--) {
    const start = r + axis.before - u * axis.dilation;
    if (start < 0 || start % axis.stride !== 0) continue;
    if (start / axis.stride < axis.output) readers.push({ i: start / axis.stride, u });
  }
  return readers;
}

/**
 * How many outputs read each cell of the padded input; entry 0 is index -before.
 *
 * @param {Axis} axis
 * @returns {number[]}
 */
export function readCounts(axis) {
  return Array.from({ length: axis.padded }, (_, k) => readersOf(axis, k - axis.before).length);
}

/**
 * How many cells of the padded input no output reads, also where they are too many to list.
 *
 * @param {Axis} axis
 */
export function unreadCount({ padded, output, kernel, stride, dilation }) {
  // A cell that several pairs (i, u) read is counted for the last i of them: from one to the next,
  // i grows by dilation / common and u falls by stride / common.
  const common = greatestCommonDivisor(stride, dilation);
  const again = Math.max(output - dilation / common, 0) * Math.max(kernel - stride / common, 0);
  return padded - (output * kernel - again);
}

/** @param {number} a @param {number} b @returns {number} */
function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * The input index whose value stands at index k, or -1 where a zero stands.
 *
 * @param {number} k @param {number} size @param {PaddingMode} mode
 */
export function sourceIndex(k, size, mode) {
  if (k >= 0 && k < size) return k;
  if (mode === "replicate") return k < 0 ? 0 : size - 1;
  if (mode === "reflect") return k < 0 ? -k : 2 * (size - 1) - k;
  if (mode === "circular") return ((k % size) + size) % size;
  return -1;
}

/**
 * The most padding that a mode can fill on one side of `size` cells.
 *
 * @param {number} size @param {PaddingMode} mode
 */
export function mostPadding(size, mode) {
  if (mode === "reflect") return size - 1;
  if (mode === "circular") return size;
  return Infinity;
}

/** @param {Axis} a @param {Axis} b */
export function alike(a, b) {
  const keys = /** @type {const} */ (["input", "kernel", "stride", "dilation", "before", "after"]);
  return keys.every((key) => a[key] === b[key]);
}
