/**
 * The whole numbers that the padding's sliders are linked to, and the padding that they stand
 * for: one number for both sides, one for each, or "same".
 */

/**
 * @typedef {number | [number, number] | "valid" | "same"} AxisPadding
 *
 * @typedef {object} Knobs
 * @property {number} _padding
 * @property {number} _padding_before
 * @property {number} _padding_after
 * @property {boolean} _padding_same
 */

export const KNOBS = /** @type {const} */ ([
  "_padding",
  "_padding_before",
  "_padding_after",
  "_padding_same",
]);

/**
 * The knobs as they stand when the padding is this.
 *
 * @param {AxisPadding} padding
 * @param {Knobs} old knobs that say nothing under "same" keep their value
 * @returns {Knobs}
 */
export function knobsOf(padding, old) {
  if (padding === "same") return { ...old, _padding_same: true };
  const sides = padding === "valid" ? 0 : padding;
  const [before, after] = Array.isArray(sides) ? sides : [sides, sides];
  return {
    _padding: before,
    _padding_before: before,
    _padding_after: after,
    _padding_same: false,
  };
}

/**
 * The padding after one knob was turned.
 *
 * @param {typeof KNOBS[number]} knob @param {Knobs} knobs as they stand now
 * @returns {AxisPadding}
 */
export function paddingAfter(knob, knobs) {
  if (knob === "_padding") return knobs._padding;
  if (knob === "_padding_same") return knobs._padding_same ? "same" : knobs._padding;
  return [knobs._padding_before, knobs._padding_after];
}
