/** The browser's own controls, each with its name beside it and its keys kept from the notebook. */

import { element } from "./dom.js";

export class Slider {
  /** @param {string} name @param {(value: number) => void} onInput */
  constructor(name, onInput) {
    this.input = input("range");
    this.readout = element("output", "convviz-readout");
    this.el = element("label", "convviz-control", element("span", "convviz-control-name", name), this.input, this.readout);
    this.input.setAttribute("aria-label", name);
    this.input.addEventListener("input", () => onInput(Number(this.input.value)));
  }

  /** @param {number} value @param {{min: number, max: number}} range */
  draw(value, { min, max }) {
    this.input.min = String(min);
    this.input.max = String(Math.max(max, value));
    this.input.value = String(value);
    this.readout.textContent = String(value);
  }
}

export class Select {
  /** @param {string} name @param {(value: string) => void} onChange */
  constructor(name, onChange) {
    this.select = /** @type {HTMLSelectElement} */ (keptFromNotebook(element("select", "convviz-select")));
    this.select.setAttribute("aria-label", name);
    this.el = element("label", "convviz-control", element("span", "convviz-control-name", name), this.select);
    this.select.addEventListener("change", () => onChange(this.select.value));
    this.drawn = "";
  }

  /** @param {string} value @param {[value: string, label: string][]} options */
  draw(value, options) {
    const wanted = JSON.stringify(options);
    if (wanted !== this.drawn) {
      this.drawn = wanted;
      this.select.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
    }
    this.select.value = value;
  }
}

export class Checkbox {
  /** @param {string} name @param {(checked: boolean) => void} onChange */
  constructor(name, onChange) {
    this.input = input("checkbox");
    this.input.setAttribute("aria-label", name);
    this.el = element("label", "convviz-control", this.input, element("span", "convviz-control-name", name));
    this.input.addEventListener("change", () => onChange(this.input.checked));
  }

  /** @param {boolean} checked */
  draw(checked) {
    this.input.checked = checked;
  }
}

/**
 * @param {string} label @param {() => void} onClick
 * @param {string} [name] what a screen reader says, where the label is a mere sign
 */
export function button(label, onClick, name) {
  const el = /** @type {HTMLButtonElement} */ (keptFromNotebook(element("button", "convviz-button", label)));
  el.type = "button";
  if (name) {
    el.setAttribute("aria-label", name);
    el.title = name;
  }
  el.addEventListener("click", onClick);
  return el;
}

/** @param {string} type */
function input(type) {
  const el = /** @type {HTMLInputElement} */ (keptFromNotebook(element("input", "")));
  el.type = type;
  return el;
}

/**
 * Refuse several lines pasted into a field, which would drop the line breaks: a column of numbers
 * would become one number.
 *
 * @param {HTMLElement} el a field, or what fields are in
 * @param {(pasted: string, field: HTMLInputElement) => void} refuse
 * @param {AddEventListenerOptions} [options]
 */
export function refuseLines(el, refuse, options) {
  el.addEventListener(
    "paste",
    (event) => {
      const pasted = event.clipboardData?.getData("text/plain").trim() ?? "";
      if (!/[\r\n]/.test(pasted)) return;
      event.preventDefault();
      refuse(pasted, /** @type {HTMLInputElement} */ (event.target));
    },
    options,
  );
}

/** @param {HTMLElement} el */
export function keptFromNotebook(el) {
  el.dataset.lmSuppressShortcuts = "true";
  return el;
}
