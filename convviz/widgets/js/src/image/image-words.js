/** What the picture of a photograph says in words. */

import { text } from "../core/catalogue.js";
import { exact, quoted, short } from "../core/numerals.js";
import { problems, readsSentence } from "../core/words.js";

/**
 * @typedef {import("./image-convolution.js").Filtered} Filtered
 * @typedef {import("./image-convolution.js").Part} Part
 * @typedef {import("./image-shades.js").Painting} Painting
 * @typedef {import("./image-shades.js").Show} Show
 */

export const CHANNELS = /** @type {const} */ (["red", "green", "blue"]);

/** As much of a scene as sentences about the geometry need. @param {Filtered} filtered */
function asScene({ height, width }) {
  const scene = { height, width, unfillable: [], layer: { groups: 1 } };
  return /** @type {import("../core/convolution.js").Scene} */ (/** @type {unknown} */ (scene));
}

/** Why there is no output; empty if there is one. @param {Filtered} filtered */
export function misfits(filtered) {
  return problems(asScene(filtered));
}

/** How results become brightness, and how many of them are cut off. @param {Painting} painting @param {Show} show */
export function shownHow({ count, below, above }, show) {
  const cut = below + above > 0 ? "image_cut" : "image_cut_none";
  return `${text(`image_shown_${show}`)} ${text(cut, { count, below, above })}`;
}

/** One output pixel. @param {Filtered} filtered @param {Part[]} parts @param {number} i @param {number} j */
export function pixelSentence(filtered, parts, i, j) {
  const [red, green, blue] = parts.map(({ result }) => rounded(result));
  const said =
    parts.length === 1
      ? text("image_pixel", { value: red })
      : text("image_pixel_colours", { red, green, blue });
  return `${readsSentence(asScene(filtered), 0, i, j)} ${said}`;
}

/** A result with two decimals, or with more if it is small. @param {number} value */
export function rounded(value) {
  return Math.abs(value) < 1 ? short(value) : exact(Number(value.toFixed(2)));
}

/** Why what was typed is no weight. @param {string} typed @param {number | null} read @param {number} kept */
export function weightRefused(typed, read, kept) {
  const places = { typed: quoted(typed), value: short(kept) };
  if (read !== null) return text("image_weight_too_large", places);
  return text(places.typed ? "image_weight_unreadable" : "image_weight_empty", places);
}

/** Why what was typed is no divisor. @param {string} typed @param {number} kept */
export function divisorRefused(typed, kept) {
  const places = { typed: quoted(typed), value: exact(kept) };
  return text(places.typed ? "image_divisor_refused" : "image_divisor_empty", places);
}
