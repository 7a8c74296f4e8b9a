/** Python as it is written: numbers, arrays, calls and comments. */

import { text } from "../core/catalogue.js";

/** @typedef {number | Nested[]} Nested numbers, in lists of equal length */

/** A longer call is written with one argument a line; as convviz/frameworks/constructors.py has it. */
const LINE = 79;

/** A larger number is written as a float: Python's integers may be too long for a tensor. */
const LARGEST_INTEGER = 2 ** 53;

/** More numbers than this are cut short by both PyTorch and NumPy when they are printed. */
const PRINTED_IN_FULL = 1000;

/**
 * A call, over several lines if it is long.
 *
 * @param {string} name
 * @param {...string} args Python expressions
 */
export function call(name, ...args) {
  const line = `${name}(${args.join(", ")})`;
  if (line.length <= LINE) return line;
  return `${name}(\n${args.map((arg) => `    ${arg},\n`).join("")})`;
}

/**
 * Those named arguments that are not the default, as `name=value`.
 *
 * @param {Record<string, [value: string, unless: string | null]>} named
 */
export function unusual(named) {
  return Object.entries(named)
    .filter(([, [value, unless]]) => value !== unless)
    .map(([name, [value]]) => `${name}=${value}`);
}

/** @param {[number, number]} pair one number for two that are alike */
export function pair([a, b]) {
  return a === b ? String(a) : tuple(a, b);
}

/** @param {...(number | string)} items */
export function tuple(...items) {
  return `(${items.join(", ")})`;
}

/** @param {boolean} value */
export function bool(value) {
  return value ? "True" : "False";
}

/** @param {string} key @param {Record<string, string | number>} [places] */
export function comment(key, places) {
  return `# ${text(key, places)}`;
}

/**
 * An array made by `maker`: a row of numbers a line, with the axes' names above it.
 *
 * @param {string} name @param {string} axes @param {string} maker @param {Nested[]} values
 * @param {string} dtype
 */
export function arrayLines(name, axes, maker, values, dtype) {
  const numbers = leaves(values);
  const write = numbers.every(Number.isInteger) ? number : float;
  const line = nested(values, 0, write);
  if (!line.includes("\n")) return [`${name} = ${maker}(${line}, dtype=${dtype})  # ${axes}`];
  const width = Math.max(...numbers.map((value) => write(value).length));
  const literal = nested(values, 4, (value) => write(value).padStart(width));
  return [`${name} = ${maker}(  # ${axes}`, `    ${literal},`, `    dtype=${dtype},`, ")"];
}

/** @param {Nested[]} values @returns {number[]} */
function leaves(values) {
  return values.flatMap((value) => (Array.isArray(value) ? leaves(value) : value));
}

/**
 * Lists in lists, as NumPy shows them: a row a line, and a blank line between blocks of lines.
 *
 * @param {Nested[]} values @param {number} indent of the first bracket
 * @param {(value: number) => string} write
 * @returns {string}
 */
function nested(values, indent, write) {
  const items = values.map((value) =>
    Array.isArray(value) ? nested(value, indent + 1, write) : write(value),
  );
  if (values.every(isOne)) return `[${items.join(", ")}]`;
  const tall = items.some((item) => item.includes("\n"));
  return `[${items.join(`,${tall ? "\n" : ""}\n${" ".repeat(indent + 1)}`)}]`;
}

/** @param {Nested} value whether it is a number, or a kernel of one */
function isOne(value) {
  if (!Array.isArray(value)) return true;
  const [row] = value;
  return value.length === 1 && Array.isArray(row) && row.length === 1 && !Array.isArray(row[0]);
}

/** @param {number} value with every digit that it has */
function number(value) {
  return Math.abs(value) <= LARGEST_INTEGER ? String(value) : value.toExponential();
}

/** @param {number} value as a float, even if it is whole */
function float(value) {
  const digits = number(value);
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

/**
 * How the output is to be printed: as whole numbers where all are, and in full.
 *
 * @param {import("../core/convolution.js").Scene} scene
 */
export function printing({ layer, output }) {
  const given = leaves([layer.input, layer.weight, layer.bias ?? []]);
  const made = leaves(output);
  return {
    whole: given.every(Number.isInteger) && made.every(Number.isSafeInteger),
    long: made.length > PRINTED_IN_FULL,
  };
}
