/** Values of CSS properties, as a browser computes and writes them, taken apart. */

/**
 * @typedef {object} Shadow
 * @property {string} colour
 * @property {number} x @property {number} y @property {number} blur @property {number} spread
 * @property {boolean} inset
 *
 * @typedef {object} Gradient
 * @property {boolean} repeating
 * @property {number | [number, number]} towards degrees clockwise from upwards, or a corner:
 *   (-1 left or 1 right, -1 top or 1 bottom)
 * @property {{colour: string, at: string | null}[]} stops
 */

/**
 * Split a value at a separator, but not within brackets or quotes.
 *
 * @param {string} value @param {"," | " "} separator
 */
export function splitValue(value, separator) {
  const parts = [""];
  let depth = 0;
  let quote = "";
  for (const character of value) {
    if (quote) {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    if (character === separator && depth === 0 && !quote) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

/** @param {string} value of box-shadow @returns {Shadow[]} the uppermost first */
export function parseShadows(value) {
  if (value === "none") return [];
  return splitValue(value, ",").map((shadow) => {
    const words = splitValue(shadow, " ");
    const lengths = words.filter((word) => /^-?[\d.]/.test(word)).map(parseFloat);
    const [x, y, blur = 0, spread = 0] = lengths;
    const colour = words.find((word) => !/^-?[\d.]/.test(word) && word !== "inset") ?? "currentcolor";
    return { colour, x, y, blur, spread, inset: words.includes("inset") };
  });
}

/**
 * @param {string} value one layer of background-image
 * @returns {Gradient | null} null for what is not a linear gradient
 */
export function parseGradient(value) {
  const match = /^(repeating-)?linear-gradient\((.*)\)$/s.exec(value);
  if (!match) return null;
  const parts = splitValue(match[2], ",");
  const line = /^(to |in |-?[\d.]+deg)/.test(parts[0]) ? String(parts.shift()) : "180deg";
  const stops = parts.flatMap((part) => {
    const [colour, ...places] = splitValue(part, " ");
    return (places.length ? places : [null]).map((at) => ({ colour, at }));
  });
  return { repeating: Boolean(match[1]), towards: towards(line), stops };
}

/** @param {string} line of a gradient: an angle, or "to" a side or a corner */
function towards(line) {
  const angle = /(-?[\d.]+)deg/.exec(line);
  if (angle) return Number(angle[1]);
  const x = line.includes("right") ? 1 : line.includes("left") ? -1 : 0;
  const y = line.includes("top") ? -1 : line.includes("bottom") ? 1 : 0;
  if (x && y) return /** @type {[number, number]} */ ([x, y]);
  return x ? 90 * x : y < 0 ? 0 : 180;
}

/**
 * The line of a gradient on a box, and its stops along it.
 *
 * @param {Gradient} gradient @param {number} width @param {number} height of the box
 * @returns {{direction: [number, number], length: number, stops: {colour: string, at: number}[]}}
 *   a unit vector; lengths in pixels. The line's middle is the box's.
 */
export function layGradient({ towards, stops }, width, height) {
  const direction = directionOf(towards, width, height);
  const length = Math.abs(width * direction[0]) + Math.abs(height * direction[1]);
  const places = stops.map(({ at }) =>
    at === null ? null : at.endsWith("%") ? (parseFloat(at) / 100) * length : parseFloat(at),
  );
  places[0] ??= 0;
  places[places.length - 1] ??= length;
  let last = -Infinity;
  const laid = stops.map(({ colour }, k) => {
    const next = places.findIndex((place, n) => n >= k && place !== null);
    const from = k - 1;
    const place = places[k] ?? last + (Number(places[next]) - last) / (next - from);
    last = Math.max(last, place);
    return { colour, at: last };
  });
  return { direction, length, stops: laid };
}

/** @param {Gradient["towards"]} towards @param {number} width @param {number} height @returns {[number, number]} */
function directionOf(towards, width, height) {
  if (typeof towards === "number") {
    const angle = (towards * Math.PI) / 180;
    return [Math.sin(angle), -Math.cos(angle)];
  }
  // Across the other diagonal: both corners beside this one have the colour of the middle.
  const diagonal = Math.hypot(width, height);
  return [(towards[0] * height) / diagonal, (towards[1] * width) / diagonal];
}

/**
 * The words that a ::before or ::after puts on the page.
 *
 * @param {string} value of content
 * @param {(name: string) => string | null} attribute of the element
 * @returns {string | null} null if there is no such pseudo-element
 */
export function parseContent(value, attribute) {
  if (value === "none" || value === "normal" || value === "") return null;
  const [words] = value.split(/ \/ (?=["a])/); // what follows is for screen readers
  return splitValue(words, " ")
    .map((part) => {
      if (/^["']/.test(part)) return unquote(part);
      const named = /^attr\(\s*([\w-]+)/.exec(part);
      return named ? (attribute(named[1]) ?? "") : "";
    })
    .join("");
}

/** @param {string} quoted */
function unquote(quoted) {
  return quoted
    .slice(1, -1)
    .replace(/\\([0-9a-f]{1,6})\s?|\\(.)/gi, (_, code, character) =>
      code ? String.fromCodePoint(parseInt(code, 16)) : character,
    );
}

/** @param {string} length in pixels; 0 for a keyword */
export function pixels(length) {
  return parseFloat(length) || 0;
}

/** @param {number} length to whole pixels of the screen, where browsers put boxes and baselines */
export function snap(length) {
  return Math.round(length * devicePixelRatio) / devicePixelRatio;
}
