/** Every setting that one slider can't move: forms of padding, height and width apart, groups, ... */

import { text } from "../core/catalogue.js";
import { axesOf } from "../core/convolution.js";
import { asPair } from "../core/geometry.js";
import { element } from "../page/dom.js";
import { Checkbox, Select, Slider } from "../page/native-controls.js";
import { MODES } from "./layer-checks.js";
import { PADDING_FORMS, possibleGroups } from "./settings.js";

/**
 * @typedef {import("../core/convolution.js").Layer} Layer
 * @typedef {import("../core/geometry.js").Pair} Pair
 * @typedef {import("./session.js").Session} Session
 * @typedef {import("./settings.js").PaddingForm} PaddingForm
 */

const RANGES = {
  kernel_size: { min: 1, max: 7 },
  stride: { min: 1, max: 6 },
  dilation: { min: 1, max: 4 },
  padding: { min: 0, max: 4 },
};
const AXES = ["height", "width"];
const SIDES = ["top", "bottom", "left", "right"];

export class SettingsControls {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.apart = new Checkbox(text("apart"), (apart) => session.setApart(apart));
    this.form = new Select(text("padding_as"), (form) => session.setPaddingForm(/** @type {PaddingForm} */ (form)));
    this.mode = new Select("padding_mode", (padding_mode) => session.change({ padding_mode }));
    this.groups = new Select("groups", (groups) => session.setGroups(Number(groups)));
    this.square = new Slider("kernel_size", (size) => session.setKernelSize([size, size]));
    this.kernel = this.#pair("kernel_size", (pair) => session.setKernelSize(pair));
    this.stride = this.#pair("stride", (stride) => session.change({ stride }));
    this.dilation = this.#pair("dilation", (dilation) => session.change({ dilation }));
    this.padding = this.#pair("padding", (padding) => session.change({ padding }));
    this.sides = this.#sides();
    const sliders = [this.square, this.kernel, this.stride, this.dilation, this.padding, this.sides].flat();
    const controls = [this.form, this.mode, this.groups, this.apart, ...sliders];
    this.el = element("div", "convviz-settings", ...controls.map(({ el }) => el));
  }

  /** @param {boolean} open whether those that say nothing new are shown too */
  draw(open) {
    const { layer, paddingForm, model } = this.session;
    const told = Array.isArray(layer.stride) || Array.isArray(layer.dilation) || paddingForm !== "number";
    this.el.hidden = !open && !told;
    if (this.el.hidden) return;
    const apart = model.get("_apart");
    this.#drawChoices(layer, paddingForm, apart);
    const { height, width } = axesOf(layer);
    drawAll([this.square], [width.kernel], "kernel_size", open && !apart);
    drawAll(this.kernel, [height.kernel, width.kernel], "kernel_size", open && apart);
    drawAll(this.stride, asPair(layer.stride), "stride", Array.isArray(layer.stride));
    drawAll(this.dilation, asPair(layer.dilation), "dilation", Array.isArray(layer.dilation));
    drawAll(this.padding, [height.before, width.before], "padding", paddingForm === "pair");
    const sides = [height.before, height.after, width.before, width.after];
    drawAll(this.sides, sides, "padding", paddingForm === "sides");
    this.form.el.hidden = !open && paddingForm === "number";
    for (const control of [this.apart, this.mode, this.groups]) control.el.hidden = !open;
  }

  /** @param {Layer} layer @param {PaddingForm} form @param {boolean} apart */
  #drawChoices(layer, form, apart) {
    this.apart.draw(apart);
    this.form.draw(form, PADDING_FORMS.map((name) => [name, text(`padding_${name}`)]));
    this.mode.draw(layer.padding_mode, MODES.map((mode) => [mode, mode]));
    const channels = layer.input.length;
    const name = (/** @type {number} */ groups) =>
      groups === channels && groups > 1 ? text("depthwise", { groups }) : String(groups);
    this.groups.draw(String(layer.groups), possibleGroups(layer).map((groups) => [String(groups), name(groups)]));
  }

  /** @param {string} name @param {(pair: [number, number]) => void} onInput */
  #pair(name, onInput) {
    /** @type {Slider[]} */
    const sliders = AXES.map((axis) => new Slider(`${name} ${text(axis)}`, () => {
      const [height, width] = sliders.map(({ input }) => Number(input.value));
      onInput([height, width]);
    }));
    return sliders;
  }

  #sides() {
    /** @type {Slider[]} */
    const sliders = SIDES.map((side) => new Slider(`padding ${text(side)}`, () => {
      const [top, bottom, left, right] = sliders.map(({ input }) => Number(input.value));
      this.session.change({ padding: [[top, bottom], [left, right]] });
    }));
    return sliders;
  }
}

/** @param {Slider[]} sliders @param {number[]} values @param {keyof typeof RANGES} name @param {boolean} shown */
function drawAll(sliders, values, name, shown) {
  sliders.forEach((slider, k) => {
    slider.el.hidden = !shown;
    if (shown) slider.draw(values[k], RANGES[name]);
  });
}
