/**
 * Keeps nonsense out of a widget's model: a value that makes no sense gives way at once to the last
 * one that did, so that every view, slider and message to Python goes on as before.
 */

/**
 * @typedef {object} Model the part of a widget's model that is used here
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, callback: () => void) => void} on
 *
 * @typedef {(value: any) => boolean} Check whether a value makes sense
 * @typedef {(value: any, values: Record<string, any>) => boolean} CheckAmong whether it does so
 *   among the values of all traits, those before it put in order already
 *
 * @typedef {object} Guarded
 * @property {(name: string, callback: () => void) => void} on hear of a trait's new value, once all
 *   traits make sense
 * @property {(values: Record<string, unknown>) => void} set several traits that belong together
 */

/** Python's limit, so that arithmetic with indices stays exact. */
export const MAX_LENGTH = 2 ** 31 - 1;

/**
 * A message may change several traits, good and bad, and one event for each follows: the first of
 * them has all put in order.
 *
 * @param {Model} model @param {Record<string, CheckAmong>} checks by trait, in the order to check them
 * @returns {Guarded}
 */
export function guard(model, checks) {
  const names = Object.keys(checks);
  const read = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  let last = read();
  let busy = false;
  /** What to call when no longer busy. @type {Set<() => void>} */
  const due = new Set();
  const set = (/** @type {Record<string, unknown>} */ changes) => {
    busy = true;
    try {
      for (const [name, value] of Object.entries(changes)) model.set(name, value);
      mend();
    } finally {
      busy = false;
    }
    const callbacks = [...due];
    due.clear();
    for (const callback of callbacks) callback();
  };
  const mend = () => {
    const values = read();
    for (const name of names) {
      if (values[name] === last[name] || checks[name](values[name], values)) continue;
      values[name] = last[name];
      model.set(name, last[name]);
    }
    last = values;
  };
  for (const name of names) {
    model.on(`change:${name}`, () => {
      if (!busy) set({});
    });
  }
  const on = (/** @type {string} */ name, /** @type {() => void} */ callback) => {
    model.on(`change:${name}`, () => {
      if (busy) due.add(callback);
      else callback();
    });
  };
  return { on, set };
}

/** @param {number} least @param {number} [most] @returns {Check} */
export function isWhole(least, most = MAX_LENGTH) {
  return (value) => Number.isInteger(value) && value >= least && value <= most;
}

/**
 * The checks of the kernel's position and of the last that there is. Without an output, the walk's
 * end stays where it was: its slider would cut off a position beyond it.
 *
 * @param {(values: any) => number} countOutputs
 * @returns {Record<"position" | "_last_position", CheckAmong>}
 */
export function walkChecks(countOutputs) {
  return {
    _last_position: (value, values) => value >= 0 && value === countOutputs(values) - 1,
    position(value, values) {
      const count = countOutputs(values);
      return isWhole(0, count > 0 ? count - 1 : values._last_position)(value);
    },
  };
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
