/** The formula's terms: which cells each of them speaks of, and what it means in words. */

import { text } from "../core/catalogue.js";
import { readCounts, readIndex } from "../core/geometry.js";
import { keyOf, litByOutput } from "../core/highlight.js";

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 * @typedef {import("../core/convolution.js").Scene} Scene
 * @typedef {import("../core/highlight.js").Lit} Lit
 *
 * @typedef {object} Term
 * @property {"W" | "P" | "F" | "D" | "S" | "O" | "R"} term R is the remainder
 * @property {"both" | "height" | "width"} axis the line of the formula that it stands in
 * @property {"before" | "after" | ""} side of a padding that differs between the sides
 */

/**
 * @param {Scene} scene @param {Term} term @param {{c_out: number, i: number, j: number}} shown
 * @returns {Lit}
 */
export function litByTerm(scene, { term, axis, side }, shown) {
  const { height, width } = scene;
  if (scene.tooLarge) return new Map(); // no cell is there to be lit
  switch (term) {
    case "W":
      return inputs(scene, (r, s) => isInside(height, r) && isInside(width, s));
    case "P":
      return inputs(scene, along(axis, isPadding(height, side), isPadding(width, side)));
    case "S":
      return inputs(scene, (r, s) => startsAt(height, r) && startsAt(width, s));
    case "O":
      return outputs(scene);
    case "R": {
      const [rows, columns] = [readCounts(height), readCounts(width)];
      return inputs(scene, along(axis, (r) => rows[r + height.before] === 0, (s) => columns[s + width.before] === 0));
    }
    default:
      return kernelCells(scene, shown);
  }
}

/**
 * What a term means here, in a sentence.
 *
 * @param {Scene} scene @param {Term} term @param {boolean} veiled whether the size of the output
 *   stays hidden
 */
export function termSentence(scene, { term, axis }, veiled) {
  const { input, before, after, kernel, dilation, span, stride, output } = scene[axis === "height" ? "height" : "width"];
  const symbol = axis === "height" ? "H" : "W";
  const key = veiled && (term === "O" || term === "S") ? `term_${term}_veiled` : `term_${term}`;
  return text(key, { symbol, input, before, after, kernel, dilation, span, stride, output });
}

/** @param {Scene} scene @param {(r: number, s: number) => boolean} belongs @returns {Lit} */
function inputs({ layer, height, width }, belongs) {
  /** @type {Lit} */
  const lit = new Map();
  for (let channel = 0; channel < layer.input.length; channel++) {
    for (let row = -height.before; row < height.input + height.after; row++) {
      for (let col = -width.before; col < width.input + width.after; col++) {
        if (belongs(row, col)) lit.set(keyOf({ grid: "input", channel, row, col }), null);
      }
    }
  }
  return lit;
}

/** @param {Scene} scene @returns {Lit} */
function outputs({ layer, height, width, fits }) {
  /** @type {Lit} */
  const lit = new Map();
  if (!fits) return lit;
  for (let channel = 0; channel < layer.weight.length; channel++) {
    for (let row = 0; row < height.output; row++) {
      for (let col = 0; col < width.output; col++) lit.set(keyOf({ grid: "output", channel, row, col }), null);
    }
  }
  return lit;
}

/** The kernel, and the cells that it stands on. @param {Scene} scene @param {{c_out: number, i: number, j: number}} shown */
function kernelCells(scene, { c_out, i, j }) {
  const lit = litByOutput(scene, c_out, i, j);
  for (const key of lit.keys()) {
    const ofKernel = key.startsWith("kernel") || (scene.fits && key.startsWith("input"));
    if (!ofKernel) lit.delete(key);
  }
  return lit;
}

/**
 * @param {Term["axis"]} axis @param {(r: number) => boolean} row @param {(s: number) => boolean} column
 * @returns {(r: number, s: number) => boolean}
 */
function along(axis, row, column) {
  if (axis === "height") return row;
  if (axis === "width") return (_, s) => column(s);
  return (r, s) => row(r) || column(s);
}

/** @param {Axis} axis @param {number} k */
function isInside({ input }, k) {
  return k >= 0 && k < input;
}

/** @param {Axis} axis @param {Term["side"]} side @returns {(k: number) => boolean} */
function isPadding({ input }, side) {
  return (k) => (k < 0 && side !== "after") || (k >= input && side !== "before");
}

/** Whether the kernel's first cell stands on k for some output. @param {Axis} axis @param {number} k */
function startsAt(axis, k) {
  const first = readIndex(axis, 0, 0);
  return (k - first) % axis.stride === 0 && (k - first) / axis.stride < axis.output;
}
