/**
 * The whole numbers that the padding's sliders are linked to, and the padding that they stand
 * for: one number for both sides, one for each, or "same".
 */

/**
 * @typedef {import("./guard.js").Guarded} Guarded
 * @typedef {import("./guard.js").Model} Model
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
 * Keep the padding and some of its knobs in step, whichever of them is changed.
 *
 * @param {Model} model @param {Guarded} guarded @param {readonly (typeof KNOBS[number])[]} names
 */
export function linkKnobs(model, guarded, names) {
  const read = () =>
    /** @type {Knobs} */ (Object.fromEntries(KNOBS.map((name) => [name, model.get(name)])));
  const turn = () => {
    const knobs = knobsOf(model.get("padding"), read());
    for (const name of names) model.set(name, knobs[name]);
    model.save_changes();
  };
  guarded.on("padding", turn);
  for (const name of names) {
    guarded.on(name, () => {
      const now = read();
      if (now[name] === knobsOf(model.get("padding"), now)[name]) return;
      model.set("padding", paddingAfter(name, now));
      model.save_changes();
    });
  }
  turn();
}

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
