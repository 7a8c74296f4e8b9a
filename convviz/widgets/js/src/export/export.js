/**
 * The picture as it stands on the page, as a stand-alone SVG: shapes and words that any program
 * can edit, with no style sheet, no script and nothing from elsewhere.
 *
 * The page's own layout is copied, element by element, in the order in which CSS paints. So
 * whatever comes into the picture comes into the SVG, but for these: forms and
 * their fields; what is hidden; blurred shadows; images by address; rotated boxes.
 */

import { drawBox, drawOutline, radiiOf, widthsOf } from "./export-boxes.js";
import { drawInlineSvg } from "./export-inline.js";
import { boxShape, escape, inset, insetRadii, tag } from "./export-markup.js";
import { Sheet } from "./export-sheet.js";
import { drawMarker, drawPseudo, drawText } from "./export-text.js";

/**
 * @typedef {import("./export-markup.js").Box} Box
 * @typedef {{box: Box, reference: string}} Clip what is outside of the box is not seen
 * @typedef {{z: number, clip: Clip | null, drawn: string[]}} Layer positioned elements lie above
 *   the others, in an order of their own
 */

/** Buttons elsewhere are words that can be pressed: the formula's terms, the ways out. */
const CONTROLS = "form, fieldset, label, input, select, textarea, [data-not-in-picture]";

/**
 * @param {HTMLElement} root the picture, on the page
 * @param {{title: string, description: string}} words what a screen reader says of it
 * @returns {string}
 */
export function pictureToSvg(root, { title, description }) {
  const sheet = new Sheet(root);
  if (sheet.width === 0 || sheet.height === 0) throw new Error("the picture is not on the page");
  const { width, height } = sheet;
  const drawn = new Painter(sheet).context(root, null);
  const definitions = [...sheet.definitions.values()].map(({ markup }) => `${markup}\n`);
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    ...sheet.font,
  };
  return tag(
    "svg",
    attributes,
    `\n${tag("title", {}, escape(title))}\n${tag("desc", {}, escape(description))}\n`,
    definitions.length ? `${tag("defs", {}, "\n", ...definitions)}\n` : "",
    ...paper(sheet, root),
    ...drawn.map((markup) => `${markup}\n`),
  );
}

class Painter {
  /** @param {Sheet} sheet */
  constructor(sheet) {
    this.sheet = sheet;
  }

  /**
   * An element that nothing from outside can come between the parts of.
   *
   * @param {Element} el @param {Clip | null} clip
   * @returns {string[]} from the bottom up
   */
  context(el, clip) {
    /** @type {Layer[]} */
    const layers = [];
    /** @type {string[]} */
    const flow = [];
    this.#flow(el, getComputedStyle(el), flow, layers, clip);
    layers.sort((a, b) => a.z - b.z);
    const [box, ...contents] = flow;
    const [behind, above] = [layers.filter(({ z }) => z < 0), layers.filter(({ z }) => z >= 0)].map((some) =>
      some.map(({ clip, drawn }) => group({ "clip-path": clip?.reference }, drawn)),
    );
    return [box, ...behind, ...contents, ...above].filter(Boolean);
  }

  /** @param {Element} el @param {string[]} drawn @param {Layer[]} layers @param {Clip | null} clip */
  #element(el, drawn, layers, clip) {
    const style = getComputedStyle(el);
    if (style.display === "contents") {
      this.#contents(el, drawn, layers, clip);
      return;
    }
    if (isLeftOut(el, style)) return;
    if (clip && !meet(this.sheet.place(el.getBoundingClientRect()), clip.box)) return;
    const z = Number(style.zIndex) || 0;
    if (isContext(el, style)) {
      const opacity = style.opacity === "1" ? undefined : Number(style.opacity);
      layers.push({ z, clip, drawn: [group({ opacity }, this.context(el, clip))] });
    } else if (style.position !== "static") {
      const layer = { z, clip, drawn: [] };
      layers.push(layer);
      this.#flow(el, style, layer.drawn, layers, clip);
    } else this.#flow(el, style, drawn, layers, clip);
  }

  /**
   * What an element and those in its flow look like: first its box, even if that is nothing.
   *
   * @param {Element} el @param {CSSStyleDeclaration} style @param {string[]} drawn
   * @param {Layer[]} layers @param {Clip | null} clip
   */
  #flow(el, style, drawn, layers, clip) {
    const boxes = (style.display === "inline" ? [...el.getClientRects()] : [el.getBoundingClientRect()]).map(
      (rectangle) => this.sheet.place(rectangle),
    );
    const visible = style.visibility === "visible";
    drawn.push(visible ? boxes.map((box) => drawBox(this.sheet, style, box)).join("") : "");
    if (el instanceof SVGSVGElement) {
      drawn.push(drawInlineSvg(this.sheet, el));
    } else if (el instanceof HTMLCanvasElement) {
      drawn.push(
        tag("image", {
          ...boxes[0],
          preserveAspectRatio: "none",
          "image-rendering": style.imageRendering === "auto" ? undefined : style.imageRendering,
          href: el.toDataURL(),
        }),
      );
    } else {
      if (visible && el instanceof HTMLElement) drawn.push(drawMarker(this.sheet, el, style));
      const inner = this.#clipOf(el, style, boxes[0], clip);
      /** @type {string[]} */
      const contents = [];
      this.#contents(el, contents, layers, inner);
      if (inner === clip) drawn.push(...contents);
      else drawn.push(group({ "clip-path": inner?.reference }, contents));
    }
    if (visible) drawn.push(...boxes.map((box) => drawOutline(this.sheet, style, box)));
  }

  /** @param {Element} el @param {string[]} drawn @param {Layer[]} layers @param {Clip | null} clip */
  #contents(el, drawn, layers, clip) {
    this.#pseudo(el, "::before", drawn, layers, clip);
    for (const node of el.childNodes) {
      if (node instanceof Text) drawn.push(...drawText(this.sheet, node));
      else if (node instanceof Element) this.#element(node, drawn, layers, clip);
    }
    this.#pseudo(el, "::after", drawn, layers, clip);
  }

  /**
   * @param {Element} el @param {import("./export-text.js").Pseudo} which
   * @param {string[]} drawn @param {Layer[]} layers @param {Clip | null} clip
   */
  #pseudo(el, which, drawn, layers, clip) {
    const pseudo = drawPseudo(this.sheet, el, which);
    if (!pseudo?.markup) return;
    if (pseudo.positioned) layers.push({ z: 0, clip, drawn: [pseudo.markup] });
    else drawn.push(pseudo.markup);
  }

  /**
   * The clip for an element's contents: the same as its own, unless something is cut off.
   *
   * @param {Element} el @param {CSSStyleDeclaration} style @param {Box | undefined} box
   * @param {Clip | null} clip
   */
  #clipOf(el, style, box, clip) {
    if (!box || (style.overflowX === "visible" && style.overflowY === "visible")) return clip;
    const radii = radiiOf(style, box);
    const cut = el.scrollWidth > el.clientWidth || el.scrollHeight > el.clientHeight;
    if (!cut && radii.every((radius) => radius === 0)) return clip;
    const widths = widthsOf(style);
    const inside = inset(box, widths);
    const shape = boxShape(inside, insetRadii(radii, widths), {});
    const id = this.sheet.define("clip", "clipPath", { "clip-path": clip?.reference }, shape);
    return { box: inside, reference: `url(#${id})` };
  }
}

/**
 * @param {import("./export-markup.js").Attributes} attributes of all of them, if any
 * @param {string[]} drawn
 */
function group(attributes, drawn) {
  const markup = drawn.join("");
  const said = Object.values(attributes).some((value) => value !== undefined);
  return said && markup ? tag("g", attributes, markup) : markup;
}

/** @param {Element} el @param {CSSStyleDeclaration} style */
function isLeftOut(el, style) {
  if (el.matches(CONTROLS) || style.display === "none" || style.opacity === "0") return true;
  const { width, height } = el.getBoundingClientRect();
  const forScreenReaders = style.overflow !== "visible" && width <= 1 && height <= 1;
  return forScreenReaders || !el.checkVisibility();
}

/** Whether the parts of an element are painted together. @param {Element} el @param {CSSStyleDeclaration} style */
function isContext(el, style) {
  if (style.opacity !== "1" || style.transform !== "none") return true;
  if (style.zIndex === "auto") return false;
  const around = el.parentElement ? getComputedStyle(el.parentElement).display : "";
  return style.position !== "static" || /flex|grid/.test(around);
}

/** @param {Box} a @param {Box} b */
function meet(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/**
 * What the picture lies on: the backgrounds behind it, down to one that hides the rest.
 *
 * @param {Sheet} sheet @param {HTMLElement} root
 */
function paper(sheet, root) {
  const { width, height } = sheet;
  const colours = [];
  for (let el = root.parentElement; el; el = el.parentElement) {
    const colour = getComputedStyle(el).backgroundColor;
    const { alpha } = sheet.colour(colour);
    if (alpha > 0) colours.unshift(colour);
    if (alpha === 1) break;
  }
  if (colours.length === 0 || sheet.colour(colours[0]).alpha < 1) colours.unshift("white");
  return colours.map((colour) => `${tag("rect", { width, height, ...sheet.paint("fill", colour) })}\n`);
}
