/** One input channel from left to right: input × kernel = products, and their sum. */

import { text } from "../core/catalogue.js";
import { firstChannel, valueAt } from "../core/convolution.js";
import { element } from "../page/dom.js";
import { readCounts, readIndex } from "../core/geometry.js";
import { CellGrid, map } from "../page/grid.js";
import { reads } from "../core/highlight.js";
import { exact, short } from "../core/numerals.js";

/**
 * @typedef {import("../core/convolution.js").Scene} Scene
 * @typedef {import("../core/convolution.js").Trace} Trace
 */

export class ChannelRow {
  /** @param {number} channel */
  constructor(channel) {
    this.channel = channel;
    this.input = new CellGrid("input", channel);
    this.kernel = new CellGrid("kernel", channel);
    this.product = new CellGrid("product", channel);
    this.input.setLabel(text("input_label", { channel }));
    this.product.setLabel(text("products_label", { channel }));
    this.partial = element("span", "convviz-partial");
    this.result = [
      element("div", "convviz-term", sign("="), map(element("figcaption", "", text("products")), this.product)),
      element("div", "convviz-term", sign("Σ"), this.partial),
    ];
    this.arithmetic = element(
      "div",
      "convviz-arithmetic",
      element("div", "convviz-term", sign("×"), map(element("figcaption", "", text("kernel")), this.kernel)),
      ...this.result,
    );
    this.absent = element("p", "convviz-absent");
    this.el = element(
      "div",
      "convviz-channel",
      map(element("figcaption", "", text("input_channel", { channel })), this.input),
      this.arithmetic,
      this.absent,
    );
  }

  /**
   * @param {Scene} scene
   * @param {{veiled: boolean, heat: boolean}} look whether what is read stays hidden, and whether
   *   each cell says how often it is read
   */
  setScene(scene, { veiled, heat }) {
    const { height, width, fits } = scene;
    if (scene.tooLarge) {
      this.input.clear();
      return;
    }
    const told = fits && !veiled;
    const [rows, columns] = [readCounts(height), readCounts(width)];
    const most = Math.max(...rows) * Math.max(...columns);
    const extent = {
      top: -height.before,
      bottom: height.input + height.after,
      left: -width.before,
      right: width.input + width.after,
    };
    this.input.update(extent, (r, s) => {
      const count = rows[r + height.before] * columns[s + width.before];
      return {
        value: valueAt(scene, this.channel, r, s),
        padding: r < 0 || s < 0 || r >= height.input || s >= width.input,
        unread: told && count === 0,
        heat: told && heat ? { count, share: count / most } : undefined,
      };
    });
  }

  /** @param {Scene} scene @param {number} c_out whose kernel on this channel to show */
  setKernel(scene, c_out) {
    const { layer } = scene;
    const read = reads(scene, c_out, this.channel);
    this.arithmetic.hidden = !read;
    this.absent.hidden = read;
    this.absent.textContent = text("not_in_group", { c_out, groups: layer.groups });
    if (!read) {
      this.kernel.clear();
      return;
    }
    this.kernel.setLabel(text("kernel_label", { channel: this.channel, c_out }));
    const weights = layer.weight[c_out][this.channel - firstChannel(layer, c_out)];
    const extent = { top: 0, bottom: weights.length, left: 0, right: weights[0].length };
    this.kernel.update(extent, (u, v) => ({ value: weights[u][v] }));
    this.kernel.colour();
  }

  /**
   * The products of this channel in one output cell, or none.
   *
   * @param {Trace["parts"][number] | undefined} part
   */
  setProducts(part) {
    for (const el of this.result) el.hidden = !part;
    if (!part) {
      this.product.clear();
      return;
    }
    const { products, sum } = part;
    const extent = { top: 0, bottom: products.length, left: 0, right: products[0].length };
    this.product.update(extent, (u, v) => ({ value: products[u][v] }));
    this.product.colour();
    this.partial.textContent = short(sum);
    this.partial.title = exact(sum);
  }

  /**
   * Outline the cells that the kernel spans at output cell (i, j), or nothing.
   *
   * @param {Scene} scene @param {{i: number, j: number} | null} at
   */
  outline({ height, width }, at) {
    this.input.outline(
      at && {
        row: readIndex(height, at.i, 0),
        col: readIndex(width, at.j, 0),
        rows: height.span,
        cols: width.span,
      },
    );
  }
}

/** @param {string} symbol */
function sign(symbol) {
  return element("span", "convviz-sign", symbol);
}
