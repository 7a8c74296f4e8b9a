/** The sheet that a picture is copied to: its coordinates, its colours, what it defines by id. */

import { tag } from "./export-markup.js";
import { fontOf } from "./export-text.js";
import { snap } from "./export-values.js";

/** @typedef {{hex: string, alpha: number}} Colour */

export class Sheet {
  /** @param {Element} root whose corner is the sheet's */
  constructor(root) {
    const { left, top, width, height } = root.getBoundingClientRect();
    this.left = snap(left);
    this.top = snap(top);
    this.width = Math.ceil(width);
    this.height = Math.ceil(height);
    /** @type {import("./export-markup.js").Attributes} what words are set in, if they say nothing else */
    this.font = fontOf(getComputedStyle(root));
    /** @type {Map<string, {id: string, markup: string}>} */
    this.definitions = new Map();
    /** @type {Map<string, Colour>} */
    this.colours = new Map();
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    this.pixel = canvas.getContext("2d", { willReadFrequently: true });
  }

  /**
   * Where a rectangle of the page is on the sheet, its edges on pixels as the browser draws them.
   *
   * @param {{left: number, top: number, right: number, bottom: number}} rectangle
   * @returns {import("./export-markup.js").Box}
   */
  place({ left, top, right, bottom }) {
    const [x, y] = [snap(left), snap(top)];
    return { x: x - this.left, y: y - this.top, width: snap(right) - x, height: snap(bottom) - y };
  }

  /**
   * Any colour that CSS can say, as every program that reads SVG knows it.
   *
   * @param {string} css
   * @returns {Colour}
   */
  colour(css) {
    let colour = this.colours.get(css);
    if (!colour) {
      colour = this.#read(css);
      this.colours.set(css, colour);
    }
    return colour;
  }

  /** @param {string} property "fill", "stroke" or "stop-color" @param {string} css */
  paint(property, css) {
    const { hex, alpha } = this.colour(css);
    if (alpha === 0 && property !== "stop-color") return { [property]: "none" };
    const opacity = property === "stop-color" ? "stop-opacity" : `${property}-opacity`;
    return { [property]: hex, [opacity]: alpha < 1 ? alpha : undefined };
  }

  /**
   * Keep a definition, once for all that is alike, and give its id.
   *
   * @param {string} kind starts the id
   * @param {string} element
   * @param {import("./export-markup.js").Attributes} attributes @param {...string} children
   */
  define(kind, element, attributes, ...children) {
    const key = tag(element, attributes, ...children);
    let definition = this.definitions.get(key);
    if (!definition) {
      const id = `${kind}-${this.definitions.size + 1}`;
      definition = { id, markup: tag(element, { id, ...attributes }, ...children) };
      this.definitions.set(key, definition);
    }
    return definition.id;
  }

  /** @param {string} css @returns {Colour} */
  #read(css) {
    if (!this.pixel) throw new Error("no 2D canvas");
    this.pixel.clearRect(0, 0, 1, 1);
    this.pixel.fillStyle = "transparent";
    this.pixel.fillStyle = css;
    this.pixel.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = this.pixel.getImageData(0, 0, 1, 1).data;
    const hex = [red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("");
    return { hex: `#${hex}`, alpha: alpha / 255 };
  }
}
