/** The whole axis to scale: the padded input, the window on it, the output below. */

import { text } from "../core/catalogue.js";
import { setAttribute, svg } from "../page/dom.js";
import { readersOf } from "../core/geometry.js";
import { hueOf } from "../core/numerals.js";
import { LEFT, overviewScale, ticks, unreadRuns } from "./strip-layout.js";
import { inputCaption, outputCaption } from "./strip-words.js";

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 */

// From top to bottom: caption, index labels, input, cone, output, index labels, caption.
const INPUT_TOP = 40;
const INPUT_BOTTOM = 60;
const OUTPUT_TOP = 94;
const OUTPUT_BOTTOM = 106;
const FIELD_BEND = 146;
const BOTTOM = 172;
/** Below the input, where the kernel does not fit and there is no output. */
const KERNEL_TOP = 68;
const KERNEL_BOTTOM = 88;
const BOTTOM_WITHOUT_OUTPUT = 112;
const CAPTION = 13;
const TO_LABEL = 7;
/** Between cells that are narrower, lines would be all that is seen. */
const NARROWEST_OUTLINED = 5;

export class Overview {
  constructor() {
    // A pattern is found by its id, and a page may hold many pictures.
    this.hatch = `convviz-hatch-${Math.random().toString(36).slice(2)}`;
    this.el = svg("svg", { class: "convviz-overview", role: "img" });
    /** @type {SVGElement | undefined} */
    this.window = undefined;
  }

  /**
   * Draw everything anew: the axis or the width has changed.
   *
   * @param {Axis} axis @param {number} width
   */
  setAxis(axis, width) {
    this.axis = axis;
    this.pixels = overviewScale(axis, width);
    this.width = width;
    const height = axis.output ? BOTTOM : BOTTOM_WITHOUT_OUTPUT;
    for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) {
      this.el.setAttribute(name, String(value));
    }
    this.el.setAttribute(
      "aria-label",
      text("axis_overview", { input: inputCaption(axis), output: outputCaption(axis) }),
    );
    this.field = path("convviz-field", "");
    this.readers = path("convviz-readers", "");
    this.window = axis.output ? this.#makeWindow(axis) : undefined;
    this.el.replaceChildren(
      this.#makeHatch(),
      this.field,
      ...this.#makeInput(axis),
      ...(this.window ? [...this.#makeOutput(axis), this.readers, this.window] : this.#makeKernel(axis)),
    );
  }

  /** Put the window on output i, or take it away. @param {number | null} i */
  setWindow(i) {
    if (!this.window || !this.axis) return;
    setAttribute(this.window, "visibility", i === null ? "hidden" : "visible");
    if (i !== null) {
      setAttribute(this.window, "transform", `translate(${this.#x(i * this.axis.stride)})`);
    }
  }

  /**
   * Show which part of the axis the lens enlarges.
   *
   * @param {number} from first place @param {number} to the place after the last
   * @param {number} width of the lens
   */
  setField(from, to, width) {
    const [left, right] = [this.#x(from), this.#x(to)];
    const [top, bend] = [INPUT_TOP - 4, FIELD_BEND];
    const outline = `M${left} ${bend}V${top}H${right}V${bend}L${width} ${BOTTOM}H0Z`;
    if (this.field) setAttribute(this.field, "d", outline);
  }

  /** Mark the outputs that read input index r. @param {number | null} r */
  setReaders(r) {
    if (!this.axis || !this.readers) return;
    const readers = r === null ? [] : readersOf(this.axis, r);
    setAttribute(this.readers, "d", this.#outputs(readers.map(({ i }) => i)));
  }

  /**
   * The output nearest to a point, or null beside the output's strip.
   *
   * @param {number} x @param {number} y both from the picture's corner
   */
  outputAt(x, y) {
    if (!this.axis?.output || !this.pixels || y < INPUT_BOTTOM + TO_LABEL || y > OUTPUT_BOTTOM + 20) {
      return null;
    }
    const { span, stride, output } = this.axis;
    const i = Math.round(((x - LEFT) / this.pixels - span / 2) / stride);
    return Math.max(0, Math.min(i, output - 1));
  }

  /** @param {Axis} axis */
  #makeInput(axis) {
    const { input, padded, before } = axis;
    const pixels = Number(this.pixels);
    const runs = unreadRuns(axis).map(([from, to]) => this.#box(from, to, INPUT_TOP, INPUT_BOTTOM));
    const outline = this.#box(0, padded, INPUT_TOP, INPUT_BOTTOM);
    const inside = Array.from({ length: padded - 1 }, (_, k) => `M${this.#x(k + 1)} ${INPUT_TOP}V${INPUT_BOTTOM}`);
    const edges = [before, before + input].map((k) => `M${this.#x(k)} ${INPUT_TOP}V${INPUT_BOTTOM}`);
    const unread = path("convviz-unread", axis.output ? runs.join("") : "");
    unread.style.fill = `url(#${this.hatch})`;
    const paper = this.#box(before, before + input, INPUT_TOP, INPUT_BOTTOM);
    return [
      path("convviz-shaded", outline),
      path("convviz-paper", paper),
      unread,
      path("convviz-outline", outline + (pixels < NARROWEST_OUTLINED ? edges : inside).join("")),
      label(0, CAPTION, inputCaption(axis), "convviz-caption"),
      ...ticks(input, pixels).flatMap((k) => this.#tick(k, this.#x(before + k + 0.5), INPUT_TOP, -1)),
    ];
  }

  /** @param {Axis} axis */
  #makeOutput(axis) {
    const { output, stride, span } = axis;
    const pixels = Number(this.pixels);
    const labelled = ticks(output, stride * pixels);
    return [
      path("convviz-outputs-drawn", this.#outputs(Array.from({ length: output }, (_, i) => i))),
      label(0, FIELD_BEND - 8, outputCaption(axis), "convviz-caption"),
      ...labelled.flatMap((i) => this.#tick(i, this.#x(i * stride + span / 2), OUTPUT_BOTTOM, 1)),
    ];
  }

  /** The window and its output, drawn at the left edge. @param {Axis} axis */
  #makeWindow({ kernel, dilation, span }) {
    const pixels = Number(this.pixels);
    const width = span * pixels;
    const [left, right] = this.#outputEdges(width / 2);
    const frame = Math.max(width, 3);
    return svg(
      "g",
      { class: "convviz-window" },
      path("convviz-cone", `M0 ${INPUT_BOTTOM}H${width}L${right} ${OUTPUT_TOP}H${left}Z`),
      svg("rect", { class: "convviz-window-paper", x: 0, y: INPUT_TOP, width, height: INPUT_BOTTOM - INPUT_TOP }),
      ...kernelCells(kernel, dilation, pixels, INPUT_TOP, INPUT_BOTTOM),
      svg("rect", {
        class: "convviz-window-frame",
        x: (width - frame) / 2,
        y: INPUT_TOP - 1,
        width: frame,
        height: INPUT_BOTTOM - INPUT_TOP + 2,
      }),
      svg("rect", {
        class: "convviz-output-shown",
        x: left,
        y: OUTPUT_TOP,
        width: right - left,
        height: OUTPUT_BOTTOM - OUTPUT_TOP,
      }),
    );
  }

  /** A kernel that does not fit, below the input. @param {Axis} axis */
  #makeKernel({ kernel, dilation, span, padded }) {
    const cells = kernelCells(kernel, dilation, Number(this.pixels), KERNEL_TOP, KERNEL_BOTTOM);
    const end = this.#x(padded);
    return [
      svg("g", { transform: `translate(${LEFT})` }, ...cells),
      path("convviz-window-frame", this.#box(0, span, KERNEL_TOP, KERNEL_BOTTOM)),
      path("convviz-end", `M${end} ${INPUT_TOP - 6}V${KERNEL_BOTTOM + 6}`),
      label(0, BOTTOM_WITHOUT_OUTPUT - 6, text("axis_kernel", { span }), "convviz-caption"),
    ];
  }

  #makeHatch() {
    const size = { width: 4, height: 4, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
    const line = svg("rect", { class: "convviz-hatch", width: 1.2, height: 4 });
    return svg("defs", {}, svg("pattern", { id: this.hatch, ...size }, line));
  }

  /** Outputs as one outline; those that touch are drawn as one. @param {number[]} indices rising */
  #outputs(indices) {
    const { stride, span } = /** @type {Axis} */ (this.axis);
    /** @type {[number, number][]} */
    const runs = [];
    for (const i of indices) {
      const [left, right] = this.#outputEdges(this.#x(i * stride + span / 2));
      const run = runs.at(-1);
      if (run && left < run[1] + 0.1) run[1] = right;
      else runs.push([left, right]);
    }
    return runs
      .map(([left, right]) => `M${left} ${OUTPUT_TOP}H${right}V${OUTPUT_BOTTOM}H${left}Z`)
      .join("");
  }

  /** Where an output cell begins and ends: as wide as an input cell, but never invisible. @param {number} centre */
  #outputEdges(centre) {
    const [pixels, stride] = [Number(this.pixels), Number(this.axis?.stride)];
    const gap = pixels >= NARROWEST_OUTLINED && stride === 1 ? 1 : 0;
    const width = Math.max(pixels, Math.min(2, stride * pixels)) - gap;
    return [round(centre - width / 2), round(centre + width / 2)];
  }

  /** @param {number} index @param {number} x @param {number} y @param {1 | -1} down */
  #tick(index, x, y, down) {
    const to = y + 4 * down;
    const shown = label(x, down === 1 ? to + TO_LABEL + 4 : to - 4, String(index), "convviz-tick");
    return [path("convviz-tick-line", `M${x} ${y}V${to}`), shown];
  }

  /** @param {number} from @param {number} to @param {number} top @param {number} bottom */
  #box(from, to, top, bottom) {
    return `M${this.#x(from)} ${top}H${this.#x(to)}V${bottom}H${this.#x(from)}Z`;
  }

  /** @param {number} place */
  #x(place) {
    return round(LEFT + place * Number(this.pixels));
  }
}

/**
 * @param {number} kernel @param {number} dilation @param {number} pixels
 * @param {number} top @param {number} bottom
 */
function kernelCells(kernel, dilation, pixels, top, bottom) {
  return Array.from({ length: kernel }, (_, u) => {
    const x = round(u * dilation * pixels);
    const cell = svg("rect", { class: "convviz-kernel-cell", x, y: top, width: pixels, height: bottom - top });
    cell.style.setProperty("--hue", String(hueOf(u, kernel)));
    return cell;
  });
}

/** @param {string} className @param {string} d */
function path(className, d) {
  return svg("path", { class: className, d });
}

/** @param {number} x @param {number} y @param {string} words @param {string} className */
function label(x, y, words, className) {
  return svg("text", { class: className, x, y }, words);
}

/** @param {number} length */
function round(length) {
  return Math.round(length * 100) / 100;
}
