/**
 * Where things stand in the two views of an axis: the overview, which shows all of it to scale,
 * and the lens, which shows the cells around the kernel large enough to read.
 *
 * Lengths are CSS pixels. A *place* is a cell of the padded input, counted from 0; the input
 * index of place k is k - before.
 */

import { readCounts } from "../core/geometry.js";
import { exact } from "../core/numerals.js";

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 *
 * @typedef {object} Lens what the lens can hold
 * @property {number} cell side of a cell
 * @property {number} count cells side by side
 * @property {boolean} whole the padded input has no more cells than that
 * @property {boolean} cut the window has more: only its two ends are shown
 * @property {number} context cells shown on each side of the windows
 * @property {number} perPage outputs stepped through before the lens moves on
 *
 * @typedef {object} Page what the lens holds at one moment
 * @property {(number | null)[]} places one for each cell; null where the middle is cut out
 * @property {{i: number, x: number}[]} outputs whose window is shown in full, each with its centre
 */

/** Left and right of the overview: the last index is written beyond the last cell. */
export const LEFT = 1;
const RIGHT = 14;
const LARGEST = 36;
const COMFORTABLE = 30;
const SMALLEST = 22;
/** So few cells are shown in the lens alone, even if they have to be small. */
const FEW = 24;
const DIGIT = 6.5;
const BETWEEN_TICKS = 80;
const BETWEEN_LABELS = 8;

/**
 * The side of a cell in the overview, so that input and kernel fit.
 *
 * @param {Axis} axis @param {number} width
 */
export function overviewScale({ padded, span }, width) {
  return Math.min(LARGEST, (width - LEFT - RIGHT) / Math.max(padded, span));
}

/**
 * Which of the indices 0 ... count - 1 get a label: round ones, and the last.
 *
 * @param {number} count @param {number} pixels from one index to the next
 * @returns {number[]}
 */
export function ticks(count, pixels) {
  const last = count - 1;
  const step = roundStep(BETWEEN_TICKS / pixels);
  const room = labelWidth(last) + BETWEEN_LABELS;
  const round = [];
  for (let k = 0; k < last && (last - k) * pixels >= room; k += step) round.push(k);
  return [...round, last];
}

/** The least of 1, 2, 5, 10, 20, 50 ... that is not below `least`. @param {number} least */
function roundStep(least) {
  if (least <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * /** @type {number} */ ([1, 2, 5, 10].find((k) => k * power >= least));
}

/** @param {number} index */
function labelWidth(index) {
  return exact(index).length * DIGIT;
}

/**
 * Cells that no output reads, as runs of places [from, to).
 *
 * @param {Axis} axis
 * @returns {[number, number][]}
 */
export function unreadRuns(axis) {
  /** @type {[number, number][]} */
  const runs = [];
  readCounts(axis).forEach((count, k) => {
    if (count > 0) return;
    const run = runs.at(-1);
    if (run && run[1] === k) run[1] = k + 1;
    else runs.push([k, k + 1]);
  });
  return runs;
}

/**
 * The lens for an axis that has an output. It holds everything, if that is little; else the
 * window with the one before and the one after it, if they fit; else as much of them as fits.
 *
 * @param {Axis} axis @param {number} width room for the lens
 * @returns {Lens}
 */
export function makeLens({ input, before, after, padded, span, stride }, width) {
  const longest = Math.max(labelWidth(-before), labelWidth(input + after - 1));
  const roomy = Math.floor(width / COMFORTABLE);
  const tight = Math.floor(width / Math.max(SMALLEST, longest + 4));
  const wanted = span + 2 * stride;
  let count = wanted <= roomy ? roomy : Math.min(Math.max(wanted, roomy), tight);
  if (padded <= Math.max(roomy, Math.min(tight, FEW))) count = padded;
  count = Math.min(count, padded);
  const cut = span > count;
  const context = cut ? 0 : Math.min(stride, Math.floor((count - span) / 2));
  return {
    cell: Math.min(LARGEST, width / count),
    count,
    whole: count === padded,
    cut,
    context,
    perPage: cut ? 1 : Math.floor((count - span - 2 * context) / stride) + 1,
  };
}

/**
 * The lens at output i. It stays where it is for several outputs, so that the window is seen to
 * step along the cells, and then moves on at once.
 *
 * @param {Axis} axis @param {Lens} lens @param {number} i
 * @returns {Page}
 */
export function lensPage({ padded, span, stride, output }, lens, i) {
  const { cell, count, cut, context, perPage } = lens;
  if (cut) {
    const head = Math.floor((count - 1) / 2);
    const tail = count - 1 - head;
    const start = i * stride;
    const places = [...numbers(start, head), null, ...numbers(start + span - tail, tail)];
    return { places, outputs: [{ i, x: (head + 0.5) * cell }] };
  }
  const wished = Math.floor(i / perPage) * perPage * stride - context;
  const start = Math.max(0, Math.min(wished, padded - count));
  const first = Math.ceil(start / stride);
  const last = Math.min(Math.floor((start + count - span) / stride), output - 1);
  const outputs = numbers(first, last - first + 1).map((k) => ({
    i: k,
    x: (k * stride - start + span / 2) * cell,
  }));
  return { places: numbers(start, count), outputs };
}

/**
 * The edges of window i in the lens.
 *
 * @param {Axis} axis @param {Lens} lens @param {Page} page that shows it in full
 * @param {number} i
 * @returns {[number, number]}
 */
export function windowEdges({ stride, span }, { cell, count, cut }, { places }, i) {
  if (cut) return [0, count * cell];
  const from = i * stride - Number(places[0]);
  return [from * cell, (from + span) * cell];
}

/** @param {number} from @param {number} count @returns {number[]} */
function numbers(from, count) {
  return Array.from({ length: Math.max(count, 0) }, (_, k) => from + k);
}
