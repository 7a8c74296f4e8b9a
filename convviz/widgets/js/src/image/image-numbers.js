/** Numbers as they are typed into the kernel, and what its slider reaches. */

/** Sums of integers up to this size are exact, and still fit a cell. */
export const LARGEST_WEIGHT = 10_000;
export const LARGEST_DIVISOR = 10_000;

const BEGINNING = /^\s*[+\-\u2212]?(\.|[\d.,]+e[+-]?)?\s*$/i;

/** Whether more typing could still make a number of it. @param {string} typed */
export function isBeginning(typed) {
  return BEGINNING.test(typed);
}

/** @param {number | null} weight */
export function isWeight(weight) {
  return weight !== null && Math.abs(weight) <= LARGEST_WEIGHT;
}

/** @param {number | null} divisor */
export function isDivisor(divisor) {
  return divisor !== null && Number.isInteger(divisor) && divisor >= 1 && divisor <= LARGEST_DIVISOR;
}

/**
 * How far the slider of a weight reaches to both sides, and in which steps.
 *
 * @param {number[][]} kernel @param {number} weight
 */
export function reach(kernel, weight) {
  const whole = kernel.flat().every(Number.isInteger);
  return { most: Math.max(whole ? 10 : 1, Math.ceil(Math.abs(weight))), step: whole ? 1 : 0.01 };
}
