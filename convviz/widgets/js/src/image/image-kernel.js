/** The kernel as a grid of numbers to type or to drag, with presets and what it is divided by. */

import { text } from "../core/catalogue.js";
import { element, setAttribute } from "../page/dom.js";
import { button, refuseLines } from "../page/native-controls.js";
import { isBeginning, isDivisor, isWeight, LARGEST_WEIGHT, reach } from "./image-numbers.js";
import { divisorRefused, weightRefused } from "./image-words.js";
import { exact, hueOf, parseNumber, tiny } from "../core/numerals.js";
import { findPreset, presets } from "../core/presets.js";

/**
 * @typedef {import("../core/presets.js").Preset} Preset
 * @typedef {{kernel: (kernel: number[][]) => void, divisor: (divisor: number) => void,
 *   preset: (preset: Preset) => void}} On what to do with a change
 */

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** A kernel with more rows or columns has smaller cells. */
const LARGE = 5;

export class KernelEditor {
  /** @type {number[][]} */
  #kernel = [];
  #divisor = 1;
  /** @type {HTMLInputElement[][]} */
  #cells = [];
  /** The weight that the slider moves. */
  #selected = { u: 0, v: 0 };
  /** What Escape brings back. */
  #before = 0;

  /** @param {On} on @param {AbortSignal} signal removes every listener */
  constructor(on, signal) {
    this.on = on;
    this.signal = signal;
    this.grid = element("div", "convviz-weights");
    this.grid.setAttribute("role", "group");
    this.grid.setAttribute("aria-label", text("kernel"));
    this.divisor = makeInput("text", "convviz-divisor");
    this.divisor.inputMode = "numeric";
    this.slider = makeInput("range", "convviz-weight-slider");
    this.sliderName = element("span", "");
    this.buttons = presets.map((preset) => this.#makeButton(preset));
    this.refusal = element("p", "convviz-refusal");
    this.refusal.setAttribute("aria-live", "assertive");
    this.buttonGroup = element("div", "convviz-presets", ...this.buttons);
    this.buttonGroup.setAttribute("role", "group");
    this.buttonGroup.setAttribute("aria-label", text("image_presets"));
    const divisorLabel = element("label", "convviz-divide", text("image_divide_by"), this.divisor);
    const weights = element("div", "convviz-weights-block", this.grid, divisorLabel);
    const sliderLabel = element("label", "convviz-weight-label", this.sliderName, this.slider);
    this.side = element("div", "convviz-kernel-side", this.buttonGroup, sliderLabel, this.refusal);
    this.el = element("div", "convviz-kernel", weights, this.side);
    this.#listen();
  }

  /** @param {number[][]} kernel @param {number} divisor */
  set(kernel, divisor) {
    this.#divisor = divisor;
    this.#matchCells(kernel);
    // A kernel that another view or Python has set, or a preset: not what this slider just did.
    const moved = this.#weightOf(kernel) !== Number(this.slider.value);
    this.#kernel = kernel;
    this.#each((cell, u, v) => {
      const typing = cell === document.activeElement;
      if (!typing || parseNumber(cell.value) !== kernel[u][v]) this.#fill(cell, u, v, typing);
    });
    const longest = Math.max(...kernel.flat().map((weight) => tiny(weight).length));
    this.grid.style.setProperty("--characters", String(longest));
    if (parseNumber(this.divisor.value) !== divisor) this.divisor.value = String(divisor);
    if (moved) this.#aim();
    const preset = findPreset(kernel, divisor);
    presets.forEach((other, k) => setAttribute(this.buttons[k], "aria-pressed", String(other === preset)));
  }

  /** Let the slider move weight (u, v). @param {number} u @param {number} v */
  select(u, v) {
    this.#selected = { u, v };
    this.#aim();
  }

  /** Mark the weight that is pointed at elsewhere. @param {{u: number, v: number} | null} at */
  light(at) {
    this.#each((cell, u, v) => cell.toggleAttribute("data-lit", at?.u === u && at?.v === v));
  }

  /** @param {Preset} preset */
  #makeButton(preset) {
    return button(text(preset.name), () => {
      this.#refuse(null, "");
      this.on.preset(preset);
    });
  }

  /** As many cells as the kernel has. @param {number[][]} kernel */
  #matchCells(kernel) {
    const [rows, columns] = [kernel.length, kernel[0].length];
    if (this.#cells.length === rows && this.#cells[0].length === columns) return;
    this.#cells = kernel.map((weights, u) =>
      weights.map((_, v) => {
        const cell = makeInput("text", "convviz-weight");
        cell.setAttribute("aria-label", text("image_weight", { u, v }));
        cell.dataset.u = String(u);
        cell.dataset.v = String(v);
        cell.style.setProperty("--hue", String(hueOf(u * columns + v, rows * columns)));
        return cell;
      }),
    );
    this.grid.replaceChildren(...this.#cells.flat());
    this.grid.style.setProperty("--columns", String(columns));
    this.grid.toggleAttribute("data-large", Math.max(rows, columns) > LARGE);
    this.#kernel = kernel;
    this.select((rows - 1) >> 1, (columns - 1) >> 1);
  }

  #listen() {
    const options = { signal: this.signal };
    this.grid.addEventListener("focusin", ({ target }) => this.#enter(target), options);
    this.grid.addEventListener("focusout", ({ target }) => this.#leave(target), options);
    this.grid.addEventListener("input", ({ target }) => this.#type(target), options);
    this.grid.addEventListener("keydown", (event) => this.#press(event), options);
    refuseLines(this.grid, (pasted, cell) => this.#refusePasted(pasted, cell), options);
    refuseLines(this.divisor, (pasted) => this.#refuse(this.divisor, divisorRefused(pasted, this.#divisor)), options);
    this.slider.addEventListener("input", () => this.#put(this.#selected, Number(this.slider.value)), options);
    this.divisor.addEventListener("input", () => this.#divide(false), options);
    this.divisor.addEventListener("change", () => this.#divide(true), options);
  }

  /** @param {EventTarget | null} target */
  #enter(target) {
    const { cell, u, v } = cellOf(target);
    this.#before = this.#kernel[u][v];
    this.#fill(cell, u, v, true);
    cell.select();
    this.select(u, v);
  }

  /** What is no weight is not taken: the number that was there comes back. @param {EventTarget | null} target */
  #leave(target) {
    const { cell, u, v } = cellOf(target);
    if (this.#cells[u]?.[v] !== cell) return; // it was taken away with the focus in it
    this.#check(cell, u, v, true);
    this.#fill(cell, u, v, false);
    cell.removeAttribute("aria-invalid");
  }

  /** @param {string} pasted @param {HTMLInputElement} target */
  #refusePasted(pasted, target) {
    const { cell, u, v } = cellOf(target);
    this.#refuse(cell, weightRefused(pasted, null, this.#kernel[u][v]));
  }

  /** @param {EventTarget | null} target */
  #type(target) {
    const { cell, u, v } = cellOf(target);
    const weight = parseNumber(cell.value);
    this.#check(cell, u, v, false);
    if (weight !== null && isWeight(weight)) this.#put({ u, v }, weight);
  }

  /**
   * Say what is wrong with what was typed.
   *
   * @param {HTMLInputElement} cell @param {number} u @param {number} v
   * @param {boolean} done whether no more will be typed
   */
  #check(cell, u, v, done) {
    const weight = parseNumber(cell.value);
    const refused = !isWeight(weight) && (done || !isBeginning(cell.value));
    this.#refuse(cell, refused ? weightRefused(cell.value, weight, this.#kernel[u][v]) : "", done);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { cell, u, v } = cellOf(event.target);
    if (event.key === "Escape") {
      this.#refuse(cell, "");
      this.#put({ u, v }, this.#before);
      this.#fill(cell, u, v, true);
      cell.select();
    } else if (event.key === "Enter") {
      const cells = this.#cells.flat();
      cells[(cells.indexOf(cell) + 1) % cells.length].focus();
      if (cells.length === 1) this.#enter(cell);
    } else if (event.key in STEPS && !event.shiftKey) {
      const [down, right] = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
      this.#cells[u + down]?.[v + right]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {boolean} done */
  #divide(done) {
    const typed = this.divisor.value;
    const divisor = parseNumber(typed);
    if (divisor !== null && isDivisor(divisor)) {
      this.#refuse(this.divisor, "");
      if (divisor !== this.#divisor) this.on.divisor(divisor);
      if (done) this.divisor.value = String(divisor);
      return;
    }
    if (!done && isBeginning(typed)) return;
    this.#refuse(this.divisor, divisorRefused(typed, this.#divisor));
    if (!done) return;
    this.divisor.value = String(this.#divisor);
    this.divisor.removeAttribute("aria-invalid");
  }

  /** @param {{u: number, v: number}} at @param {number} weight */
  #put({ u, v }, weight) {
    if (this.#kernel[u][v] === weight) return;
    this.on.kernel(
      this.#kernel.map((weights, r) => (r === u ? weights.map((old, s) => (s === v ? weight : old)) : weights)),
    );
  }

  /**
   * Words about an input, or none.
   *
   * @param {HTMLInputElement | null} input @param {string} words
   * @param {boolean} keep what was said before, if there are no words now
   */
  #refuse(input, words, keep = false) {
    if (words || !keep) this.refusal.textContent = words;
    if (words) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
  }

  /** @param {HTMLInputElement} cell @param {number} u @param {number} v @param {boolean} full with every digit */
  #fill(cell, u, v, full) {
    const weight = this.#kernel[u][v];
    const shown = full ? exact(weight) : tiny(weight);
    cell.value = shown;
    if (shown === exact(weight)) cell.removeAttribute("title");
    else cell.title = exact(weight);
  }

  #aim() {
    const { u, v } = this.#selected;
    const weight = this.#kernel[u][v];
    const { most, step } = reach(this.#kernel, weight);
    const reached = Math.min(most, LARGEST_WEIGHT);
    Object.assign(this.slider, { min: String(-reached), max: String(reached), step: String(step) });
    this.slider.value = String(weight);
    this.sliderName.textContent = text("image_weight", { u, v });
    this.#each((cell, r, s) => cell.toggleAttribute("data-selected", r === u && s === v));
  }

  /** @param {number[][]} kernel */
  #weightOf(kernel) {
    return kernel[this.#selected.u][this.#selected.v];
  }

  /** @param {(cell: HTMLInputElement, u: number, v: number) => void} run */
  #each(run) {
    this.#cells.forEach((cells, u) => cells.forEach((cell, v) => run(cell, u, v)));
  }
}

/** @param {EventTarget | null} target */
function cellOf(target) {
  const cell = /** @type {HTMLInputElement} */ (target);
  return { cell, u: Number(cell.dataset.u), v: Number(cell.dataset.v) };
}

/** @param {"text" | "range"} type @param {string} className */
function makeInput(type, className) {
  const input = /** @type {HTMLInputElement} */ (element("input", className));
  input.type = type;
  input.autocomplete = "off";
  input.spellcheck = false;
  input.dataset.lmSuppressShortcuts = "true";
  return input;
}
