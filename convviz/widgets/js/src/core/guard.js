/**
 * Keeps nonsense out of a widget's model: a value that makes no sense gives way at once to the last
 * one that did, so that every view, slider and message to Python goes on as before.
 */

/**
 * @typedef {object} Model the part of a widget's model that is used here
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {(event: string, callback: () => void) => void} on
 *
 * @typedef {(value: any) => boolean} Check whether a value makes sense
 */

/** Python's limit, so that arithmetic with indices stays exact. */
export const MAX_LENGTH = 2 ** 31 - 1;

/**
 * Whoever listens to the model after this call never meets a value that its check refuses.
 *
 * @param {Model} model @param {Record<string, Check>} checks by trait
 */
export function guard(model, checks) {
  for (const [name, makesSense] of Object.entries(checks)) {
    let last = model.get(name);
    model.on(`change:${name}`, () => {
      const value = model.get(name);
      if (makesSense(value)) last = value;
      else model.set(name, last);
    });
  }
}

/** @param {number} least @param {number} [most] @returns {Check} */
export function isWhole(least, most = MAX_LENGTH) {
  return (value) => Number.isInteger(value) && value >= least && value <= most;
}

/** @param {...unknown} allowed @returns {Check} */
export function isOneOf(...allowed) {
  return (value) => allowed.includes(value);
}

/** @type {Check} */
export const isFlag = isOneOf(true, false);

/** Two entries that pass a check. @param {Check} check @returns {Check} */
export function isPairOf(check) {
  return (value) => Array.isArray(value) && value.length === 2 && [...value].every(check);
}

/** @param {...Check} checks @returns {Check} */
export function isAny(...checks) {
  return (value) => checks.some((check) => check(value));
}

/**
 * The lengths of nested lists of finite numbers along each axis; null if they are ragged, empty or
 * hold anything else.
 *
 * @param {unknown} values
 * @returns {number[] | null}
 */
export function shapeOf(values) {
  if (!Array.isArray(values)) return Number.isFinite(values) ? [] : null;
  if (values.length === 0) return null;
  const shapes = [...values].map(shapeOf); // spread, since map and every pass over holes
  const [first] = shapes;
  const alike = first && shapes.every((shape) => String(shape) === String(first) && shape?.length === first.length);
  return alike ? [values.length, ...first] : null;
}
