/** Words, each run of them at the place where the browser drew it. */

import { drawBox, widthsOf } from "./export-boxes.js";
import { escape, inset, tag } from "./export-markup.js";
import { parseContent, pixels, snap } from "./export-values.js";

/**
 * @typedef {import("./export-sheet.js").Sheet} Sheet
 * @typedef {import("./export-markup.js").Attributes} Attributes
 * @typedef {{ascent: number, descent: number}} Metrics above and below the baseline
 * @typedef {"::before" | "::after"} Pseudo
 */

const GENERIC = /(^|,\s*)(serif|sans-serif|monospace|cursive|fantasy|math)$/;

/** A space that counts where words begin or end. */
const SPACE = "\u00a0";

/** Words with less room than this beside them fill their box: they begin where it does. */
const ROOM_TO_CENTRE = 2;

/** @type {Map<string, Metrics>} */
const metricsByFont = new Map();

/**
 * The words of a text node, one run for each line that they stand on.
 *
 * @param {Sheet} sheet @param {Text} node
 * @returns {string[]}
 */
export function drawText(sheet, node) {
  const parent = node.parentElement;
  if (!parent || node.data.trim() === "") return [];
  const style = getComputedStyle(parent);
  // Words that can't be seen would give away what is still to be found out.
  if (style.visibility !== "visible" || sheet.colour(style.color).alpha === 0) return [];
  const around = parent.getBoundingClientRect();
  const { ascent, descent } = metricsOf(style);
  const spaced = keepsSpaces(style);
  return linesOf(node).flatMap(([from, to]) => {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    const { left, top, width, height } = range.getBoundingClientRect();
    if (width === 0) return [];
    const words = transformed(node.data.slice(from, to), style);
    const shown = spaced ? words : words.replace(/\s+/g, " ");
    const baseline = top + (height - ascent - descent) / 2 + ascent;
    const middle = left + width / 2;
    const inTheMiddle = Math.abs(middle - (around.left + around.right) / 2) < 1;
    const centred = inTheMiddle && around.width - width > ROOM_TO_CENTRE;
    return [
      centred
        ? drawRun(sheet, style, shown, middle, baseline, "middle")
        : drawRun(sheet, style, shown, left, baseline),
    ];
  });
}

/**
 * The words, and the box, of a ::before or an ::after.
 *
 * @param {Sheet} sheet @param {Element} el @param {Pseudo} which
 * @returns {{markup: string, positioned: boolean} | null} null if there is none
 */
export function drawPseudo(sheet, el, which) {
  const style = getComputedStyle(el, which);
  const words = parseContent(style.content, (name) => el.getAttribute(name));
  if (words === null || style.display === "none" || style.visibility !== "visible") return null;
  if (style.position !== "absolute") {
    return { markup: drawInline(sheet, el, which, style, words), positioned: false };
  }
  const box = pseudoBox(sheet, el, style);
  const paddings = [style.paddingTop, style.paddingRight, style.paddingBottom, style.paddingLeft];
  const content = inset(
    inset(box, widthsOf(style)),
    /** @type {import("./export-markup.js").Sides} */ (paddings.map(pixels)),
  );
  const baseline = content.y + firstBaseline(style);
  const run = words && drawRun(sheet, style, words, content.x + sheet.left, baseline + sheet.top);
  return { markup: drawBox(sheet, style, box) + run, positioned: true };
}

/**
 * The marker of a list item, in the margin beside it.
 *
 * @param {Sheet} sheet @param {HTMLElement} item @param {CSSStyleDeclaration} style
 */
export function drawMarker(sheet, item, style) {
  if (style.display !== "list-item" || style.listStyleType === "none") return "";
  const { left, top } = item.getBoundingClientRect();
  const baseline = top + firstBaseline(style);
  if (style.listStyleType === "decimal" && item instanceof HTMLLIElement) {
    const items = [...(item.parentElement?.children ?? [])];
    const number = item.value || items.indexOf(item) + 1;
    return drawRun(sheet, style, `${number}.${SPACE}`, left, baseline, "end");
  }
  // As large as browsers draw it, and where.
  const { ascent } = metricsOf(style);
  const reach = Math.floor((ascent * 2) / 3);
  const radius = Math.floor((reach + 1) / 2) / 2;
  const cx = left - sheet.left - reach - 7 + radius;
  const cy = baseline - sheet.top - ascent + Math.floor((3 * (ascent - reach)) / 2) + radius;
  return tag("circle", { cx, cy, r: radius, ...sheet.paint("fill", style.color) });
}

/**
 * The font of words, as far as it is not the font of the whole sheet.
 *
 * @param {CSSStyleDeclaration} style @param {Attributes} [sheet] the font of the sheet
 * @returns {Attributes}
 */
export function fontOf(style, sheet = {}) {
  const { fontFamily, fontVariantNumeric: numerals } = style;
  const font = {
    "font-family": GENERIC.test(fontFamily) ? fontFamily : `${fontFamily}, sans-serif`,
    "font-size": pixels(style.fontSize),
    "font-weight": style.fontWeight,
    "font-style": style.fontStyle,
    "letter-spacing": style.letterSpacing === "normal" ? 0 : pixels(style.letterSpacing),
    style: `font-variant-numeric:${numerals}`,
  };
  return Object.fromEntries(Object.entries(font).filter(([name, value]) => value !== sheet[name]));
}

/**
 * @param {Sheet} sheet @param {CSSStyleDeclaration} style @param {string} words
 * @param {number} x @param {number} baseline of a point on the page
 * @param {"start" | "middle" | "end"} anchor the part of the words that stands there; it still does
 *   where another font is put for one that is missing
 */
function drawRun(sheet, style, words, x, baseline, anchor = "start") {
  const { textDecorationLine: line } = style;
  const attributes = {
    x: x - sheet.left,
    y: snap(baseline) - sheet.top,
    "text-anchor": anchor === "start" ? undefined : anchor,
    ...fontOf(style, sheet.font),
    "text-decoration": line === "none" ? undefined : line,
    "xml:space": / {2}/.test(words) ? "preserve" : undefined,
    ...sheet.paint("fill", style.color),
  };
  return tag("text", attributes, escape(words));
}

/**
 * The lines that a text node is broken into, as [from, to) without spaces at their ends.
 *
 * @param {Text} node
 * @returns {[number, number][]}
 */
function linesOf(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const tops = new Set([...range.getClientRects()].map(({ top }) => top));
  /** @type {[number, number][]} */
  const lines = [];
  if (tops.size < 2) lines.push([0, node.length]);
  else {
    let lastTop = NaN;
    let at = 0;
    for (const character of node.data) {
      range.setStart(node, at);
      range.setEnd(node, at + character.length);
      at += character.length;
      // A space where a line is broken has no width, and stands on either line.
      const [rectangle] = range.getClientRects();
      const line = lines.at(-1);
      if (line && (!rectangle?.width || rectangle.top === lastTop)) line[1] = at;
      else lines.push([at - character.length, at]);
      if (rectangle?.width) lastTop = rectangle.top;
    }
  }
  return lines.map(([from, to]) => {
    const words = node.data.slice(from, to);
    const start = from + words.length - words.trimStart().length;
    return [start, Math.max(start, from + words.trimEnd().length)];
  });
}

/** @param {CSSStyleDeclaration} style @returns {Metrics} */
function metricsOf({ fontStyle, fontWeight, fontSize, fontFamily }) {
  const font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
  let metrics = metricsByFont.get(font);
  if (!metrics) {
    const context = document.createElement("canvas").getContext("2d");
    if (!context) throw new Error("no 2D canvas");
    context.font = font;
    const { fontBoundingBoxAscent, fontBoundingBoxDescent } = context.measureText("0");
    metrics = { ascent: snap(fontBoundingBoxAscent), descent: snap(fontBoundingBoxDescent) };
    metricsByFont.set(font, metrics);
  }
  return metrics;
}

/** From the top of a first line of words to its baseline. @param {CSSStyleDeclaration} style */
function firstBaseline(style) {
  const { ascent, descent } = metricsOf(style);
  const line = pixels(style.lineHeight) || ascent + descent;
  return Math.floor((line - ascent - descent) / 2) + ascent;
}

/** @param {CSSStyleDeclaration} style */
function keepsSpaces({ whiteSpace, whiteSpaceCollapse }) {
  return whiteSpaceCollapse ? whiteSpaceCollapse !== "collapse" : whiteSpace.startsWith("pre");
}

/** @param {string} words @param {CSSStyleDeclaration} style */
function transformed(words, { textTransform }) {
  if (textTransform === "uppercase") return words.toUpperCase();
  return textTransform === "lowercase" ? words.toLowerCase() : words;
}

/**
 * Beside the words of its element, before the first or after the last.
 *
 * @param {Sheet} sheet @param {Element} el @param {Pseudo} which
 * @param {CSSStyleDeclaration} style @param {string} words
 */
function drawInline(sheet, el, which, style, words) {
  if (!words) return "";
  const range = document.createRange();
  range.selectNodeContents(el);
  const own = el.getBoundingClientRect();
  const beside = [...range.getClientRects()].at(-1) ?? new DOMRect(own.left, own.top, 0, own.height);
  const { ascent, descent } = metricsOf(style);
  const { borderLeftWidth, paddingLeft } = getComputedStyle(el);
  const x =
    which === "::after"
      ? beside.right + pixels(style.marginLeft)
      : own.left + pixels(borderLeftWidth) + pixels(paddingLeft);
  const { top, height } = which === "::after" ? beside : range.getClientRects()[0] ?? beside;
  const shown = words.replaceAll(" ", SPACE);
  return drawRun(sheet, style, shown, x, top + (height - ascent - descent) / 2 + ascent);
}

/** @param {Sheet} sheet @param {Element} el @param {CSSStyleDeclaration} style of the pseudo-element */
function pseudoBox(sheet, el, style) {
  let holder = el;
  while (holder.parentElement && getComputedStyle(holder).position === "static") holder = holder.parentElement;
  const { left, top } = holder.getBoundingClientRect();
  const around = getComputedStyle(holder);
  const x = left + pixels(around.borderLeftWidth) + pixels(style.left) + pixels(style.marginLeft);
  const y = top + pixels(around.borderTopWidth) + pixels(style.top) + pixels(style.marginTop);
  let [width, height] = [pixels(style.width), pixels(style.height)];
  if (style.boxSizing === "content-box") {
    const [borderTop, borderRight, borderBottom, borderLeft] = widthsOf(style);
    width += borderLeft + borderRight + pixels(style.paddingLeft) + pixels(style.paddingRight);
    height += borderTop + borderBottom + pixels(style.paddingTop) + pixels(style.paddingBottom);
  }
  return sheet.place({ left: x, top: y, right: x + width, bottom: y + height });
}
