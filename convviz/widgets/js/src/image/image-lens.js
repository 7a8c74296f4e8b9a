/** One channel of one output pixel, enlarged: window × kernel = products, their sum, the result. */

import { text } from "../core/catalogue.js";
import { element } from "../page/dom.js";
import { readIndex } from "../core/geometry.js";
import { CellGrid, map } from "../page/grid.js";
import { isInside } from "./image-convolution.js";
import { shade } from "./image-shades.js";
import { rounded } from "./image-words.js";
import { exact } from "../core/numerals.js";

/**
 * @typedef {import("./image-convolution.js").Filtered} Filtered
 * @typedef {import("./image-convolution.js").Part} Part
 * @typedef {{u: number, v: number}} At the place of a weight
 */

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class Lens {
  constructor() {
    this.grids = {
      input: new CellGrid("input", 0),
      kernel: new CellGrid("kernel", 0),
      product: new CellGrid("product", 0),
    };
    this.grids.input.setLabel(text("image_window"));
    this.grids.kernel.setLabel(text("kernel"));
    this.grids.product.setLabel(text("products"));
    this.sum = element("span", "convviz-partial");
    this.divide = element("span", "convviz-sign");
    this.result = element("span", "convviz-partial");
    this.swatch = element("span", "convviz-swatch");
    this.shade = element("span", "");
    this.quotient = element("div", "convviz-term", this.divide, this.result);
    this.el = element(
      "div",
      "convviz-image-lens",
      map(element("figcaption", "", text("image_window")), this.grids.input),
      element("div", "convviz-term", sign("×"), map(element("figcaption", "", text("kernel")), this.grids.kernel)),
      element("div", "convviz-term", sign("="), map(element("figcaption", "", text("products")), this.grids.product)),
      element("div", "convviz-term", sign("Σ"), this.sum),
      this.quotient,
      element("div", "convviz-term convviz-image-shade", this.swatch, this.shade),
    );
  }

  /**
   * @param {Filtered} filtered @param {Part} part @param {number} i @param {number} j
   * @param {import("./image-shades.js").Show} show
   */
  set({ photo, filter, height, width }, part, i, j, show) {
    const { kernel, divisor } = filter;
    const extent = { top: 0, bottom: height.kernel, left: 0, right: width.kernel };
    const { input, kernel: weights, product } = this.grids;
    input.update(extent, (u, v) => ({
      value: part.values[u][v],
      padding: !isInside(photo, readIndex(height, i, u), readIndex(width, j, v)),
    }));
    weights.update(extent, (u, v) => ({ value: kernel[u][v] }));
    product.update(extent, (u, v) => ({ value: part.products[u][v] }));
    for (const grid of Object.values(this.grids)) grid.colour();
    for (let u = 0; u < height.kernel; u++) {
      for (let v = 0; v < width.kernel; v++) input.cellAt(u, v)?.toggleAttribute("data-coloured", true);
    }
    write(this.sum, part.sum);
    this.quotient.hidden = divisor === 1;
    const sign = rounded(part.result) === exact(part.result) ? "=" : "≈";
    this.divide.textContent = `÷ ${exact(divisor)} ${sign}`;
    write(this.result, part.result);
    const brightness = shade(part.result, show);
    this.swatch.style.background = `rgb(${brightness} ${brightness} ${brightness})`;
    this.shade.textContent = text("image_shown_as", { shade: brightness });
  }

  /**
   * Mouse, touch and keyboard on the grids, as the weight that they are on.
   *
   * @param {{point: (at: At | null) => void, choose: (at: At) => void}} on
   * @param {AbortSignal} signal
   */
  listen({ point, choose }, signal) {
    for (const grid of Object.values(this.grids)) {
      const { el } = grid;
      for (const name of ["pointerover", "focusin"]) {
        el.addEventListener(name, ({ target }) => point(weightAt(target)), { signal });
      }
      for (const name of ["pointerleave", "focusout"]) {
        el.addEventListener(name, () => point(null), { signal });
      }
      el.addEventListener(
        "click",
        ({ target }) => {
          const at = weightAt(target);
          if (at) choose(at);
        },
        { signal },
      );
      el.addEventListener(
        "keydown",
        (event) => {
          const at = weightAt(event.target);
          if (!at || !(event.key in STEPS)) return;
          const [down, right] = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
          grid.cellAt(at.u + down, at.v + right)?.focus();
          event.preventDefault();
          event.stopPropagation();
        },
        { signal },
      );
    }
  }

  /** Light everything that belongs to one weight. @param {At | null} at */
  light(at) {
    for (const { el } of Object.values(this.grids)) {
      for (const lit of el.querySelectorAll("[data-active]")) lit.removeAttribute("data-active");
    }
    if (!at) return;
    for (const grid of Object.values(this.grids)) {
      grid.cellAt(at.u, at.v)?.toggleAttribute("data-active", true);
    }
  }
}

/** @param {HTMLElement} el @param {number} value */
function write(el, value) {
  el.textContent = rounded(value);
  el.title = exact(value);
}

/** @param {string} symbol */
function sign(symbol) {
  return element("span", "convviz-sign", symbol);
}

/** @param {EventTarget | null} target @returns {At | null} */
function weightAt(target) {
  const cell = target instanceof Element ? target.closest("[data-grid]") : null;
  return cell instanceof HTMLElement ? { u: Number(cell.dataset.row), v: Number(cell.dataset.col) } : null;
}
