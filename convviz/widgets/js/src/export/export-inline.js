/** An SVG that stands in the picture already: the same shapes, with the page's styles written out. */

import { escape, round, tag } from "./export-markup.js";
import { fontOf } from "./export-text.js";

/** @typedef {import("./export-sheet.js").Sheet} Sheet */

const SHAPES = new Set(["path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"]);
const GROUPS = new Set(["g", "svg"]);
/** These are never displayed themselves. */
const DEFINED = new Set(["defs", "pattern", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "marker"]);

/** How a shape is drawn, with SVG's own defaults, which need not be said. */
const DRAWN = {
  "fill-rule": "nonzero",
  "stroke-width": "1px",
  "stroke-dasharray": "none",
  "stroke-dashoffset": "0px",
  "stroke-linecap": "butt",
  "stroke-linejoin": "miter",
  "text-anchor": "start",
  "dominant-baseline": "auto",
  "clip-path": "none",
  mask: "none",
  "marker-start": "none",
  "marker-end": "none",
};

/** Attributes that say where a shape is. */
const PLACED =
  /^(id|d|[xyr]|[xy][12]|dx|dy|[cr][xy]|f[xy]|width|height|viewBox|points|transform|offset|gradientUnits|gradientTransform|spreadMethod|pattern(ContentUnits|Units|Transform)|clipPathUnits|mask(ContentUnits|Units)|ref[XY]|orient|marker(Width|Height|Units)|preserveAspectRatio)$/;

/**
 * @param {Sheet} sheet @param {SVGSVGElement} picture
 * @returns {string}
 */
export function drawInlineSvg(sheet, picture) {
  const matrix = picture.getScreenCTM();
  if (!matrix) return "";
  const { a, b, c, d, e, f } = matrix;
  // A browser moves it to whole pixels, as it does boxes.
  const { left, top } = picture.getBoundingClientRect();
  const { x, y } = sheet.place(picture.getBoundingClientRect());
  const transform = `matrix(${[a, b, c, d, round(e - left + x), round(f - top + y)].join(" ")})`;
  return tag("g", { transform }, ...[...picture.childNodes].map((node) => copy(sheet, node)));
}

/** @param {Sheet} sheet @param {Node} node @returns {string} */
function copy(sheet, node) {
  if (node instanceof Text) {
    return node.parentNode instanceof SVGTextContentElement ? escape(node.data) : "";
  }
  if (!(node instanceof SVGElement)) return "";
  const name = node.localName;
  const style = getComputedStyle(node);
  const seen = GROUPS.has(name) || (SHAPES.has(name) && style.visibility === "visible");
  if (!DEFINED.has(name) && (!seen || style.display === "none")) return "";
  const placed = [...node.attributes].filter((attribute) => PLACED.test(attribute.name));
  const attributes = {
    ...Object.fromEntries(placed.map((attribute) => [attribute.name, attribute.value])),
    opacity: style.opacity === "1" ? undefined : style.opacity,
    ...(name === "stop" && sheet.paint("stop-color", style.stopColor)),
    ...(SHAPES.has(name) && drawing(sheet, style)),
    ...(node instanceof SVGTextContentElement && fontOf(style, sheet.font)),
  };
  return tag(name, attributes, ...[...node.childNodes].map((child) => copy(sheet, child)));
}

/** @param {Sheet} sheet @param {CSSStyleDeclaration} style */
function drawing(sheet, style) {
  const said = Object.entries(DRAWN)
    .map(([name, initial]) => [name, style.getPropertyValue(name), initial])
    .filter(([, value, initial]) => value !== initial && value !== "")
    .map(([name, value]) => [name, reference(value) ?? value.replaceAll("px", "")]);
  return {
    ...paint(sheet, "fill", style.fill, style.fillOpacity),
    ...paint(sheet, "stroke", style.stroke, style.strokeOpacity),
    ...Object.fromEntries(said),
  };
}

/** @param {Sheet} sheet @param {"fill" | "stroke"} property @param {string} value @param {string} opacity */
function paint(sheet, property, value, opacity) {
  const defined = reference(value);
  if (defined || value === "none") return { [property]: defined ?? value };
  const painted = sheet.paint(property, value);
  const own = Number(painted[`${property}-opacity`] ?? 1) * Number(opacity);
  return { ...painted, [`${property}-opacity`]: own < 1 ? own : undefined };
}

/** @param {string} value @returns {string | null} a reference into the picture itself, or null */
function reference(value) {
  const match = /^url\("?(#[^")]+)"?\)/.exec(value);
  return match && `url(${match[1]})`;
}
