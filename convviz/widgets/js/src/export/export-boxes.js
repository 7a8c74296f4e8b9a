/** What CSS draws around and behind an element's contents: fills, borders, shadows, outlines. */

import { boxPath, boxShape, inset, insetRadii, round, tag } from "./export-markup.js";
import { layGradient, parseGradient, parseShadows, pixels, splitValue } from "./export-values.js";

/**
 * @typedef {import("./export-sheet.js").Sheet} Sheet
 * @typedef {import("./export-markup.js").Box} Box
 * @typedef {import("./export-markup.js").Sides} Sides
 * @typedef {import("./export-values.js").Gradient} Gradient
 * @typedef {{width: number, style: string, colour: string}} Border of one side
 */

const SIDES = /** @type {const} */ (["Top", "Right", "Bottom", "Left"]);
const CORNERS = /** @type {const} */ (["TopLeft", "TopRight", "BottomRight", "BottomLeft"]);

/**
 * Everything behind an element's contents. A blurred shadow is left out.
 *
 * @param {Sheet} sheet @param {CSSStyleDeclaration} style @param {Box} box its border box
 * @returns {string}
 */
export function drawBox(sheet, style, box) {
  if (box.width === 0 && box.height === 0) return "";
  const radii = radiiOf(style, box);
  const borders = bordersOf(style);
  const widths = widthsOf(style);
  const inside = inset(box, widths);
  const insideRadii = insetRadii(radii, widths);
  const shadows = parseShadows(style.boxShadow).filter(({ blur }) => blur === 0).reverse();

  const drawn = shadows
    .filter((shadow) => !shadow.inset)
    .map(({ colour, x, y, spread }) => {
      const by = /** @type {Sides} */ ([y - spread, -x - spread, -y - spread, x - spread]);
      return ring(sheet, colour, [inset(box, by), grow(radii, spread)], [box, radii]);
    });
  const images = splitValue(style.backgroundImage, ",").reverse().map(parseGradient);
  const rings = shadows.filter((shadow) => shadow.inset);
  const filled = sheet.colour(style.backgroundColor).alpha > 0;
  const stroke = evenStroke(sheet, borders);
  const half = /** @type {Sides} */ (widths.map((width) => width / 2));
  if (stroke && filled && rings.length === 0 && images.every((image) => image === null)) {
    const paints = { ...sheet.paint("fill", style.backgroundColor), ...stroke };
    return drawn.concat(boxShape(inset(box, half), insetRadii(radii, half), paints)).join("");
  }
  if (filled) drawn.push(boxShape(box, radii, sheet.paint("fill", style.backgroundColor)));
  for (const image of images) if (image) drawn.push(drawGradient(sheet, image, inside, insideRadii));
  for (const { colour, x, y, spread } of rings) {
    const by = /** @type {Sides} */ ([y + spread, -x + spread, -y + spread, x + spread]);
    drawn.push(ring(sheet, colour, [inside, insideRadii], [inset(inside, by), insetRadii(insideRadii, by)]));
  }
  if (stroke) {
    drawn.push(boxShape(inset(box, half), insetRadii(radii, half), { fill: "none", ...stroke }));
  } else {
    drawn.push(...drawBorders(sheet, borders, [box, radii], [inside, insideRadii]));
  }
  return drawn.join("");
}

/**
 * The outline, which lies above the element's contents.
 *
 * @param {Sheet} sheet @param {CSSStyleDeclaration} style @param {Box} box its border box
 */
export function drawOutline(sheet, style, box) {
  if (style.outlineStyle === "none") return "";
  const width = pixels(style.outlineWidth);
  const out = -pixels(style.outlineOffset) - width / 2;
  const by = /** @type {Sides} */ ([out, out, out, out]);
  const border = { width, style: style.outlineStyle, colour: style.outlineColor };
  const radii = insetRadii(radiiOf(style, box), by);
  return boxShape(inset(box, by), radii, { fill: "none", ...strokeOf(sheet, border) });
}

/** @param {CSSStyleDeclaration} style @returns {Sides} */
export function widthsOf(style) {
  return /** @type {Sides} */ (SIDES.map((side) => pixels(style[`border${side}Width`])));
}

/** @param {CSSStyleDeclaration} style @param {Box} box @returns {Sides} */
export function radiiOf(style, box) {
  const most = Math.min(box.width, box.height) / 2;
  return /** @type {Sides} */ (
    CORNERS.map((corner) => {
      const [radius] = style[`border${corner}Radius`].split(" ");
      const length = radius.endsWith("%") ? (parseFloat(radius) / 100) * box.width : pixels(radius);
      return Math.min(length, most);
    })
  );
}

/** @param {CSSStyleDeclaration} style @returns {Border[]} */
function bordersOf(style) {
  return SIDES.map((side) => ({
    width: pixels(style[`border${side}Width`]),
    style: style[`border${side}Style`],
    colour: style[`border${side}Color`],
  }));
}

/**
 * The four borders as one stroke, if they are alike.
 *
 * @param {Sheet} sheet @param {Border[]} borders
 */
function evenStroke(sheet, borders) {
  const [first] = borders;
  const alike = borders.every(
    ({ width, style, colour }) => width === first.width && style === first.style && colour === first.colour,
  );
  return alike && first.width > 0 ? strokeOf(sheet, first) : null;
}

/** @param {Sheet} sheet @param {Border} border */
function strokeOf(sheet, { width, style, colour }) {
  const solid = { ...sheet.paint("stroke", colour), "stroke-width": width };
  if (style === "dashed") return { ...solid, "stroke-dasharray": `${2 * width} ${2 * width}` };
  if (style === "dotted") return { ...solid, "stroke-dasharray": `0 ${2 * width}`, "stroke-linecap": "round" };
  return solid;
}

/**
 * Borders that are not alike on all sides.
 *
 * @param {Sheet} sheet @param {Border[]} borders
 * @param {[Box, Sides]} outer @param {[Box, Sides]} inner
 */
function drawBorders(sheet, borders, outer, inner) {
  const drawn = borders.filter(({ width, colour }) => width > 0 && sheet.colour(colour).alpha > 0);
  if (drawn.length === 0) return [];
  const [{ colour }] = drawn;
  if (drawn.every((border) => border.colour === colour && border.style === "solid")) {
    return [ring(sheet, colour, outer, inner)];
  }
  const [{ x, y, width, height }] = outer;
  const [top, right, bottom, left] = borders.map((border) => border.width / 2);
  const lines = [
    `M${round(x)} ${round(y + top)}h${round(width)}`,
    `M${round(x + width - right)} ${round(y)}v${round(height)}`,
    `M${round(x)} ${round(y + height - bottom)}h${round(width)}`,
    `M${round(x + left)} ${round(y)}v${round(height)}`,
  ];
  return borders.flatMap((border, k) =>
    drawn.includes(border) ? [tag("path", { d: lines[k], fill: "none", ...strokeOf(sheet, border) })] : [],
  );
}

/**
 * What lies between two boxes.
 *
 * @param {Sheet} sheet @param {string} colour
 * @param {[Box, Sides]} outer @param {[Box, Sides]} inner
 */
function ring(sheet, colour, outer, inner) {
  const d = boxPath(...outer) + boxPath(...inner);
  return tag("path", { d, "fill-rule": "evenodd", ...sheet.paint("fill", colour) });
}

/** @param {Sides} radii @param {number} by */
function grow(radii, by) {
  return insetRadii(radii, [-by, -by, -by, -by]);
}

/** @param {Sheet} sheet @param {Gradient} gradient @param {Box} box @param {Sides} radii */
function drawGradient(sheet, gradient, box, radii) {
  const id = gradient.repeating ? stripes(sheet, gradient, box) : shading(sheet, gradient, box);
  // Drawn from (0, 0) on, so that boxes of one size can share a definition.
  const transform = `translate(${round(box.x)} ${round(box.y)})`;
  return boxShape({ ...box, x: 0, y: 0 }, radii, { fill: `url(#${id})`, transform });
}

/**
 * A repeating gradient as a pattern of stripes, each of one colour, as hatching is.
 * The pattern is as large as the box, so that the stripes lie in every box as they do on the page.
 *
 * @param {Sheet} sheet @param {Gradient} gradient @param {Box} box
 */
function stripes(sheet, gradient, { width, height }) {
  const { direction, length, stops } = layGradient(gradient, width, height);
  const [first, last] = [stops[0].at, stops[stops.length - 1].at];
  const period = Math.max(last - first, 0.1);
  const reach = Math.hypot(width, height) / 2;
  const bands = stops.slice(1).flatMap(({ colour, at }, k) => {
    const wide = at - stops[k].at;
    if (wide <= 0 || sheet.colour(colour).alpha === 0) return [];
    let d = "";
    for (let from = stops[k].at - Math.ceil(at / period) * period; from < length; from += period) {
      d += `M${round(from - length / 2)} ${round(-reach)}h${round(wide)}v${round(2 * reach)}h${round(-wide)}z`;
    }
    return [tag("path", { d, ...sheet.paint("fill", colour) })];
  });
  const angle = (Math.atan2(direction[1], direction[0]) * 180) / Math.PI;
  const transform = `translate(${round(width / 2)} ${round(height / 2)}) rotate(${round(angle)})`;
  const tile = { patternUnits: "userSpaceOnUse", width, height };
  return sheet.define("hatching", "pattern", tile, tag("g", { transform }, ...bands));
}

/** @param {Sheet} sheet @param {Gradient} gradient @param {Box} box */
function shading(sheet, gradient, { width, height }) {
  const { direction, length, stops } = layGradient(gradient, width, height);
  const [x, y] = direction.map((part) => (part * length) / 2);
  const line = { x1: width / 2 - x, y1: height / 2 - y, x2: width / 2 + x, y2: height / 2 + y };
  const marks = stops.map(({ colour, at }) =>
    tag("stop", { offset: round(at / length), ...sheet.paint("stop-color", colour) }),
  );
  return sheet.define("shading", "linearGradient", { gradientUnits: "userSpaceOnUse", ...line }, ...marks);
}
