/** What the picture of an axis says in words. */

import { text } from "../core/catalogue.js";
import { readIndex, readersOf } from "../core/geometry.js";
import { exact } from "../core/numerals.js";
import { indexRange } from "../core/words.js";

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 */

/** @param {Axis} axis */
export function inputCaption({ input, before, after }) {
  if (before + after > 0) return text("axis_padded_input", { input, before, after });
  return text(input === 1 ? "axis_input_one" : "axis_input_many", { count: input });
}

/** @param {Axis} axis */
export function outputCaption({ output }) {
  return text(output === 1 ? "axis_output_one" : "axis_output_many", { count: output });
}

/**
 * Which cells output i reads.
 *
 * @param {Axis} axis @param {number} i
 */
export function outputReads(axis, i) {
  const indices = Array.from({ length: axis.kernel }, (_, u) => readIndex(axis, i, u));
  const padding = indices.filter((k) => isPadding(axis, k)).length;
  const places = { i, cells: indexRange(indices), padding };
  if (indices.length === 1) return text(padding ? "axis_reads_cell_padding" : "axis_reads_cell", places);
  if (padding === 0) return text("axis_reads", places);
  return text(padding === 1 ? "axis_reads_one_padding" : "axis_reads_padding", places);
}

/**
 * How many outputs read input index r, and which.
 *
 * @param {Axis} axis @param {number} r
 */
export function inputGoesInto(axis, r) {
  const readers = readersOf(axis, r).map(({ i }) => i);
  const amount = readers.length === 0 ? "none" : readers.length === 1 ? "one" : "many";
  return text(`axis_${isPadding(axis, r) ? "padding" : "input"}_goes_into_${amount}`, {
    cell: exact(r),
    count: readers.length,
    outputs: readers.length === 0 ? "" : indexRange(readers),
  });
}

/** @param {Axis} axis @param {number} r */
export function isPadding({ input }, r) {
  return r < 0 || r >= input;
}
