/** Which cells belong to what the learner points at, and which weight ties them together. */

import { firstChannel } from "./convolution.js";
import { readIndex, readersOf } from "./geometry.js";

/**
 * @typedef {import("./convolution.js").Scene} Scene
 *
 * @typedef {object} Cell
 * @property {"input" | "kernel" | "product" | "output"} grid
 * @property {number} channel kernels and products are counted by input channel
 * @property {number} row
 * @property {number} col
 *
 * @typedef {Map<string, number | null>} Lit lit cells by key; the value is the number of the weight
 *   (u * kW + v) that colours the cell, or null
 */

/** @param {Cell} cell */
export function keyOf({ grid, channel, row, col }) {
  return `${grid} ${channel} ${row} ${col}`;
}

/** @param {string} key @returns {Cell} */
export function cellOf(key) {
  const [grid, channel, row, col] = key.split(" ");
  const kind = /** @type {Cell["grid"]} */ (grid);
  return { grid: kind, channel: Number(channel), row: Number(row), col: Number(col) };
}

/**
 * The cells to light while `focus` is pointed at. Kernels and products are those of output
 * channel `shown.c_out`, products those of its output cell (shown.i, shown.j).
 *
 * @param {Scene} scene
 * @param {Cell} focus
 * @param {{c_out: number, i: number, j: number}} shown
 * @returns {Lit}
 */
export function litBy(scene, focus, shown) {
  const { channel, row, col } = focus;
  switch (focus.grid) {
    case "output":
      return litByOutput(scene, channel, row, col);
    case "input":
      return litByInput(scene, channel, row, col, shown.c_out);
    case "kernel":
      return litByKernel(scene, channel, row, col, shown);
    case "product":
      return litByProduct(scene, channel, row, col, shown);
  }
}

/**
 * An output cell: its window, the weights on it, their products.
 *
 * @param {Scene} scene @param {number} c_out @param {number} i @param {number} j
 * @returns {Lit}
 */
export function litByOutput(scene, c_out, i, j) {
  const { layer, height, width } = scene;
  /** @type {Lit} */
  const lit = new Map();
  const first = firstChannel(layer, c_out);
  for (let c = first; c < first + layer.weight[0].length; c++) {
    for (let u = 0; u < height.kernel; u++) {
      for (let v = 0; v < width.kernel; v++) {
        const k = u * width.kernel + v;
        lit.set(keyOf({ grid: "input", channel: c, row: readIndex(height, i, u), col: readIndex(width, j, v) }), k);
        lit.set(keyOf({ grid: "kernel", channel: c, row: u, col: v }), k);
        lit.set(keyOf({ grid: "product", channel: c, row: u, col: v }), k);
      }
    }
  }
  lit.set(keyOf({ grid: "output", channel: c_out, row: i, col: j }), null);
  return lit;
}

/**
 * An input cell: every output that it goes into, and the weights that it meets on the way.
 *
 * @param {Scene} scene @param {number} c_in @param {number} r @param {number} s
 * @param {number} shown the output channel whose kernels are drawn
 * @returns {Lit}
 */
function litByInput(scene, c_in, r, s, shown) {
  const { layer, height, width } = scene;
  /** @type {Lit} */
  const lit = new Map([[keyOf({ grid: "input", channel: c_in, row: r, col: s }), null]]);
  const columns = readersOf(width, s);
  for (const { i, u } of readersOf(height, r)) {
    for (const { i: j, u: v } of columns) {
      const k = u * width.kernel + v;
      for (let c_out = 0; c_out < layer.weight.length; c_out++) {
        if (!reads(scene, c_out, c_in)) continue;
        lit.set(keyOf({ grid: "output", channel: c_out, row: i, col: j }), k);
        if (c_out === shown) lit.set(keyOf({ grid: "kernel", channel: c_in, row: u, col: v }), k);
      }
    }
  }
  return lit;
}

/**
 * A weight: every input cell that it meets, and the outputs of its channel, which all use it.
 *
 * @param {Scene} scene @param {number} c_in @param {number} u @param {number} v
 * @param {{c_out: number}} shown
 * @returns {Lit}
 */
function litByKernel(scene, c_in, u, v, { c_out }) {
  const { height, width } = scene;
  const k = u * width.kernel + v;
  /** @type {Lit} */
  const lit = new Map([[keyOf({ grid: "kernel", channel: c_in, row: u, col: v }), k]]);
  for (let i = 0; i < height.output; i++) {
    for (let j = 0; j < width.output; j++) {
      lit.set(keyOf({ grid: "input", channel: c_in, row: readIndex(height, i, u), col: readIndex(width, j, v) }), k);
      lit.set(keyOf({ grid: "output", channel: c_out, row: i, col: j }), k);
    }
  }
  return lit;
}

/**
 * A product: its two factors, and the output that it is added to.
 *
 * @param {Scene} scene @param {number} c_in @param {number} u @param {number} v
 * @param {{c_out: number, i: number, j: number}} shown
 * @returns {Lit}
 */
function litByProduct({ height, width }, c_in, u, v, { c_out, i, j }) {
  const k = u * width.kernel + v;
  return new Map([
    [keyOf({ grid: "product", channel: c_in, row: u, col: v }), k],
    [keyOf({ grid: "kernel", channel: c_in, row: u, col: v }), k],
    [keyOf({ grid: "input", channel: c_in, row: readIndex(height, i, u), col: readIndex(width, j, v) }), k],
    [keyOf({ grid: "output", channel: c_out, row: i, col: j }), null],
  ]);
}

/**
 * Whether output channel c_out reads input channel c_in (groups keep them apart).
 *
 * @param {Scene} scene @param {number} c_out @param {number} c_in
 */
export function reads({ layer }, c_out, c_in) {
  const first = firstChannel(layer, c_out);
  return c_in >= first && c_in < first + layer.weight[0].length;
}
