/** Numbers as a learner reads them: a true minus sign, and no more digits than fit a cell. */

const MINUS = "\u2212";
const LONGEST_QUOTE = 40;

/** Marks of direction, joiners and the like, which come along with what is pasted. */
const INVISIBLE = /[\p{Cf}\p{Cs}]/gu;
const CONTROLS = /\p{Cc}+/gu;
/** A minus sign as keyboards, word processors and web pages have it. */
const MINUS_SIGNS = /[\u2010-\u2013\u2212]/g;

/** @param {number} value every digit that it has */
export function exact(value) {
  return String(value).replaceAll("-", MINUS);
}

/** @param {number} value at most six characters, but for a sign */
export function short(value) {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return exact(value);
  const whole = String(Math.trunc(Math.abs(value))).length;
  const rounded = String(Number(value.toPrecision(Math.min(Math.max(whole, 3), 21))));
  if (rounded.replace("-", "").length <= 6) return rounded.replaceAll("-", MINUS);
  return value.toExponential(1).replace("+", "").replaceAll("-", MINUS);
}

/** @param {number} value at most four characters, but for a sign; for a cell of a grid */
export function tiny(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e5) return exact(value);
  const digits = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  const shown = size < 0.0095 || size >= 9999.5 ? value.toExponential(0) : value.toFixed(digits);
  return String(shown).replace("+", "").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "").replaceAll("-", MINUS);
}

/** As much of something typed as a sentence can quote; nothing, if nothing is seen. @param {string} typed */
export function quoted(typed) {
  const seen = [...typed.replace(CONTROLS, " ").replace(INVISIBLE, "").trim()];
  return seen.length > LONGEST_QUOTE ? `${seen.slice(0, LONGEST_QUOTE).join("")}…` : seen.join("");
}

/**
 * Colour of weight (u, v): a hue in degrees, spread over all weights of a kernel.
 *
 * @param {number} k u * kW + v @param {number} count kH * kW
 */
export function hueOf(k, count) {
  return Math.round((20 + (330 * k) / count) * 10) / 10;
}

/**
 * What a learner typed, as a number; null if it is none, or none that a computer can hold. Taken
 * are a true minus sign, full-width digits and a decimal comma; a comma that may stand between
 * thousands is not.
 *
 * @param {string} typed
 * @returns {number | null}
 */
export function parseNumber(typed) {
  const plain = typed
    .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(INVISIBLE, "")
    .trim()
    .replace(MINUS_SIGNS, "-")
    .replace(/^([+-])\s+/, "$1");
  if (/^[+-]?[1-9]\d{0,2}(,\d{3})+$/.test(plain)) return null;
  const written = plain.replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written)) return null;
  const number = Number(written);
  const vanished = number === 0 && /[1-9]/.test(written.replace(/e.*/i, ""));
  return Number.isFinite(number) && !vanished ? number + 0 : null; // + 0 makes 0 of -0
}
