/** Where numbers are changed: kernels known by name, the bias, and how a cell is edited. */

import { text } from "../core/catalogue.js";
import { element, setAttribute } from "../page/dom.js";
import { readNumber, refusal } from "./editor.js";
import { Select, button, keptFromNotebook, refuseLines } from "../page/native-controls.js";
import { exact } from "../core/numerals.js";
import { presets } from "../core/presets.js";

/**
 * @typedef {import("../core/convolution.js").Scene} Scene
 * @typedef {import("./session.js").Session} Session
 */

export class ValuesPanel {
  /** @param {Session} session @param {(words: string) => void} complain */
  constructor(session, complain) {
    this.session = session;
    this.complain = complain;
    this.c_out = 0;
    this.preset = new Select(text("preset_for"), (name) => this.#choose(name));
    this.bias = /** @type {HTMLInputElement} */ (keptFromNotebook(element("input", "convviz-number-field")));
    this.bias.inputMode = "decimal";
    this.bias.addEventListener("change", () => this.#setBias());
    refuseLines(this.bias, (pasted) => this.#refuse(pasted));
    this.biasName = element("span", "convviz-control-name");
    this.biasControl = element("label", "convviz-control", this.biasName, this.bias);
    const restore = button(text("restore_values"), () => session.restoreValues());
    const line = element("div", "convviz-line", this.preset.el, this.biasControl, restore);
    this.el = element("div", "convviz-values", element("p", "", text("edit_hint")), line);
  }

  /** @param {Scene} scene @param {{c_out: number}} shown */
  draw({ layer }, { c_out }) {
    this.c_out = c_out;
    const options = presets.map(({ name, divisor }) => [name, presetLabel(name, divisor)]);
    this.preset.draw("", [["", text("preset_choose")], .../** @type {[string, string][]} */ (options)]);
    this.biasControl.hidden = layer.bias === null;
    this.biasName.textContent = text("bias_of", { c_out });
    if (layer.bias && document.activeElement !== this.bias) this.bias.value = exact(layer.bias[c_out]);
  }

  /** @param {string} name */
  #choose(name) {
    const chosen = presets.find((preset) => preset.name === name);
    if (chosen) this.session.setKernel(chosen.kernel, this.c_out);
    this.preset.select.value = "";
  }

  #setBias() {
    const value = readNumber(this.bias.value);
    setAttribute(this.bias, "aria-invalid", String(value === null));
    if (value === null) this.#refuse(this.bias.value);
    else this.session.setBias(value, this.c_out);
  }

  /** @param {string} typed */
  #refuse(typed) {
    setAttribute(this.bias, "aria-invalid", "true");
    this.complain(refusal(typed));
  }
}

/** Kernels stay whole numbers here, so that they can be added up. @param {string} name @param {number} divisor */
function presetLabel(name, divisor) {
  return divisor === 1 ? text(name) : text("preset_times", { name: text(name), divisor });
}
