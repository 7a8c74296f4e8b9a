/**
 * One explorer's state, however many views show it: what can be done to it, and what follows.
 *
 * Every change goes through the widget's model, so that views, sliders and Python hear of it.
 */

import { axesOf, firstChannel } from "../core/convolution.js";
import { guard, isFlag, isOneOf, isWhole, walkChecks } from "../core/guard.js";
import { SETTINGS, belongTogether } from "./layer-checks.js";
import { formOf, fullPadding, isApart, knobsOf, paddingAs, setApart } from "./settings.js";
import { WeightBank } from "./weight-bank.js";

/**
 * @typedef {import("../core/highlight.js").Cell} Cell
 * @typedef {import("../core/convolution.js").Layer} Layer
 * @typedef {import("./settings.js").Knobs} Knobs
 * @typedef {import("./settings.js").PaddingForm} PaddingForm
 * @typedef {import("../core/guard.js").Model} Model
 */

export const LAYER = ["input", "weight", "bias", "stride", "padding", "dilation", "groups", "padding_mode"];
const KNOBS = { _stride: "stride", _dilation: "dilation", _padding: "padding" };
const ARRAYS = ["input", "weight", "bias", "groups"];
/** Panels by the name that Python knows them by; one is open at a time. */
export const PANELS = ["settings", "values", "same", "code", "save"];
/** What "reset" brings back, in this order: the position's slider would cut off one beyond its end. */
const KEPT = ["_padding_full", ...LAYER, "_last_position", "position", "out_channel", "_apart"];

export class Session {
  #bank = new WeightBank();
  #start;
  #guarded;
  #settling = false;

  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.#guarded = guard(model, checks(model.get("weight").length));
    this.#bank.remember(this.layer);
    if (isApart(this.layer)) model.set("_apart", true);
    this.#start = this.#read(KEPT);
    for (const name of LAYER) this.#guarded.on(name, () => this.#follow(name));
    for (const [knob, setting] of Object.entries(KNOBS)) {
      this.#guarded.on(knob, () => this.#turned(knob, setting));
    }
    this.#follow("stride");
  }

  /** @returns {Layer} */
  get layer() {
    return /** @type {Layer} */ (this.#read(LAYER));
  }

  /** @returns {PaddingForm} */
  get paddingForm() {
    return formOf(this.model.get("padding"), this.model.get("_padding_full"));
  }

  /** @param {Record<string, unknown>} values */
  change(values) {
    this.#guarded.set(values);
    this.model.save_changes();
  }

  /** @param {[number, number]} kernelSize */
  setKernelSize(kernelSize) {
    this.#reshape({ kernelSize });
  }

  /** @param {number} groups */
  setGroups(groups) {
    this.#reshape({ groups });
  }

  /** @param {PaddingForm} form */
  setPaddingForm(form) {
    const back = form === "number" && typeof this.model.get("padding") === "string";
    const padding = back ? this.model.get("_padding") : paddingAs(form, this.layer);
    this.change({ _padding_full: form === "full", padding });
  }

  /** @param {boolean} apart */
  setApart(apart) {
    const { layer } = this;
    const kernel = layer.weight[0][0];
    if (!apart) this.setKernelSize([kernel.length, kernel.length]);
    this.change({ ...setApart(apart, layer), _apart: apart });
  }

  /**
   * Put a value into a cell of the input or of a kernel of output channel `c_out`.
   *
   * @param {Cell} cell @param {number} value @param {number} c_out
   */
  setValue({ grid, channel, row, col }, value, c_out) {
    if (grid === "input") {
      this.change({ input: replaced(this.model.get("input"), [channel, row, col], value) });
    } else {
      const { layer } = this;
      const { weight } = layer;
      const c = channel - firstChannel(layer, c_out);
      this.change({ weight: replaced(weight, [c_out, c, row, col], value) });
    }
  }

  /**
   * Give every kernel of output channel `c_out` the same values.
   *
   * @param {number[][]} kernel @param {number} c_out
   */
  setKernel(kernel, c_out) {
    const old = this.layer.weight[0][0];
    const height = Math.max(kernel.length, old.length);
    const width = Math.max(kernel[0].length, old[0].length);
    this.setKernelSize([height, width]);
    const [top, left] = [(height - kernel.length) >> 1, (width - kernel[0].length) >> 1];
    const placed = Array.from({ length: height }, (_, u) =>
      Array.from({ length: width }, (_, v) => kernel[u - top]?.[v - left] ?? 0),
    );
    const weight = this.layer.weight.map((kernels, c) => (c === c_out ? kernels.map(() => placed) : kernels));
    this.change({ weight });
  }

  /** @param {number} value @param {number} c_out */
  setBias(value, c_out) {
    this.change({ bias: replaced(this.model.get("bias"), [c_out], value) });
  }

  /** Every number as it was at first; the settings stay, but for what makes the kernel's shape. */
  restoreValues() {
    const { input, weight, bias, groups } = this.#start;
    this.change({ input, weight, bias, groups });
  }

  /** @param {number} steps forward; negative is back */
  step(steps) {
    const position = Math.max(this.model.get("position") + steps, 0);
    this.change({ position: Math.min(position, Math.max(countOutputs(this.layer) - 1, 0)) });
  }

  reset() {
    this.change(this.#start);
  }

  /** @param {{kernelSize?: [number, number], groups?: number}} shape */
  #reshape({ kernelSize, groups }) {
    const { layer } = this;
    const kernel = layer.weight[0][0];
    const wanted = groups ?? layer.groups;
    const weight = this.#bank.weights({
      filters: layer.weight.length,
      inChannels: layer.input.length,
      groups: wanted,
      kernelSize: kernelSize ?? [kernel.length, kernel[0].length],
    });
    this.change({ groups: wanted, weight });
  }

  /** What follows from a new value of a trait of the layer. @param {string} name */
  #follow(name) {
    const { model } = this;
    if (name === "weight" || name === "groups") this.#bank.remember(this.layer);
    if (model.get("_revealed").length > 0) model.set("_revealed", []);
    if (model.get("_padding_full")) this.#keepFull(name);
    // Once apart, height and width stay apart: a slider that makes them alike must not vanish.
    if (isApart(this.layer)) model.set("_apart", true);
    const knobs = knobsOf(this.layer, model.get("_padding_full"), /** @type {Knobs} */ (this.#read(Object.keys(KNOBS))));
    for (const [knob, value] of Object.entries(knobs)) model.set(knob, value);
    this.#keepPositionInside();
    this.#settleSoon();
  }

  /** "full" follows kernel and dilation, and ends when another padding is set. @param {string} name */
  #keepFull(name) {
    const full = fullPadding(this.layer);
    if (String(full) === String(this.model.get("padding"))) return;
    if (name === "padding") this.model.set("_padding_full", false);
    else this.model.set("padding", full);
  }

  /** @param {string} knob @param {string} setting */
  #turned(knob, setting) {
    const value = this.model.get(knob);
    if (this.model.get(setting) === value) return;
    this.model.set(setting, value);
    this.#settleSoon();
  }

  /** Without an output it stays as it was. */
  #keepPositionInside() {
    const count = countOutputs(this.layer);
    if (count > 0 && this.model.get("position") >= count) this.model.set("position", count - 1);
  }

  /** What the picture need not wait for, once a step: the position slider's end, and Python. */
  #settleSoon() {
    if (this.#settling) return;
    this.#settling = true;
    setTimeout(() => {
      this.#settling = false;
      const count = countOutputs(this.layer);
      // The position is inside by now: a slider whose end falls below its value moves by itself.
      if (count > 0) this.model.set("_last_position", count - 1);
      this.model.save_changes();
    });
  }

  /** @param {string[]} names */
  #read(names) {
    return Object.fromEntries(names.map((name) => [name, this.model.get(name)]));
  }
}

/**
 * Which values the traits of a layer with so many filters may have.
 *
 * @param {number} filters
 * @returns {Record<string, import("../core/guard.js").CheckAmong>}
 */
function checks(filters) {
  /** @type {import("../core/guard.js").CheckAmong} */
  const belongs = (_, values) => belongTogether(/** @type {Layer} */ (values)) && values.weight.length === filters;
  return {
    ...SETTINGS,
    ...Object.fromEntries(ARRAYS.map((name) => [name, belongs])),
    out_channel: isWhole(0, filters - 1),
    ...walkChecks(countOutputs),
    panel: isOneOf(null, ...PANELS),
    predict: isOneOf(null, "output_size", "output_value"),
    ...Object.fromEntries(["heat_map", "_apart", "_padding_full", "_playing"].map((name) => [name, isFlag])),
    _revealed: (value) => Array.isArray(value) && [...value].every((name) => typeof name === "string"),
    _interval: isWhole(1),
    _stride: isWhole(1),
    _dilation: isWhole(1),
    _padding: isWhole(0),
  };
}

/** How many output cells there are in one channel. @param {Layer} layer */
function countOutputs(layer) {
  const { height, width } = axesOf(layer);
  return height.output * width.output;
}

/**
 * A copy of nested lists with one number replaced.
 *
 * @param {any[]} values @param {number[]} place @param {number} value
 * @returns {any[]}
 */
function replaced(values, [first, ...rest], value) {
  return values.map((item, k) => (k !== first ? item : rest.length ? replaced(item, rest, value) : value));
}
