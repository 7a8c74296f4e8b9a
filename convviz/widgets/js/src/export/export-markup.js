/** SVG as text: elements, numbers and the outlines of boxes. */

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {[number, number, number, number]} Sides from the top clockwise; for corners, from
 *   the top left
 * @typedef {Record<string, string | number | undefined>} Attributes undefined: left out
 */

/** XML 1.0 has no place for these, escaped or not. */
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @param {string} words as text or as the value of an attribute */
export function escape(words) {
  return words.replace(UNWRITABLE, "").replace(/[&<>"]/g, (character) => ENTITIES[character]);
}

/**
 * @param {string} name @param {Attributes} attributes
 * @param {...string} children markup, escaped already
 */
export function tag(name, attributes, ...children) {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escape(String(value))}"`)
    .join("");
  const inside = children.join("");
  return inside ? `<${name}${written}>${inside}</${name}>` : `<${name}${written}/>`;
}

/** @param {number} length to a hundredth of a pixel */
export function round(length) {
  return Math.round(length * 100) / 100;
}

/**
 * A box with its corners cut round.
 *
 * @param {Box} box @param {Sides} radii @param {Attributes} attributes
 */
export function boxShape(box, radii, attributes) {
  const [radius] = radii;
  if (radii.some((other) => other !== radius)) {
    return tag("path", { d: boxPath(box, radii), ...attributes });
  }
  const { x, y, width, height } = box;
  return tag("rect", { x, y, width, height, rx: radius || undefined, ...attributes });
}

/** @param {Box} box @param {Sides} radii */
export function boxPath({ x, y, width, height }, radii) {
  const [right, bottom] = [x + width, y + height];
  const [topLeft, topRight, bottomRight, bottomLeft] = radii;
  const arc = (/** @type {number} */ radius, /** @type {number} */ toX, /** @type {number} */ toY) =>
    radius > 0 ? `A${round(radius)} ${round(radius)} 0 0 1 ${round(toX)} ${round(toY)}` : "";
  return [
    `M${round(x + topLeft)} ${round(y)}`,
    `H${round(right - topRight)}${arc(topRight, right, y + topRight)}`,
    `V${round(bottom - bottomRight)}${arc(bottomRight, right - bottomRight, bottom)}`,
    `H${round(x + bottomLeft)}${arc(bottomLeft, x, bottom - bottomLeft)}`,
    `V${round(y + topLeft)}${arc(topLeft, x + topLeft, y)}`,
    "Z",
  ].join("");
}

/** @param {Box} box @param {Sides} by how far each side moves inwards; outwards below 0 */
export function inset({ x, y, width, height }, [top, right, bottom, left]) {
  return {
    x: x + left,
    y: y + top,
    width: Math.max(width - left - right, 0),
    height: Math.max(height - top - bottom, 0),
  };
}

/** @param {Sides} radii @param {Sides} by as for the box; a sharp corner stays sharp */
export function insetRadii(radii, [top, right, bottom, left]) {
  const depths = [Math.max(top, left), Math.max(top, right), Math.max(bottom, right), Math.max(bottom, left)];
  return /** @type {Sides} */ (
    radii.map((radius, k) => (radius > 0 ? Math.max(radius - depths[k], 0) : 0))
  );
}
