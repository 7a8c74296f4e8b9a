/** One of a few, chosen with radio buttons. */

import { element } from "../page/dom.js";

export class Choice {
  /**
   * @param {string} name what is chosen
   * @param {{value: string, label: string}[]} options
   * @param {(value: string) => void} choose
   * @param {AbortSignal} signal
   */
  constructor(name, options, choose, signal) {
    // Radio buttons of one name belong together, in whichever view of the page they are.
    const group = `convviz-${Math.random().toString(36).slice(2)}`;
    this.buttons = options.map(({ value }) => {
      const button = /** @type {HTMLInputElement} */ (element("input", ""));
      Object.assign(button, { type: "radio", name: group, value });
      button.dataset.lmSuppressShortcuts = "true";
      return button;
    });
    const labels = options.map(({ label }, k) => element("label", "", this.buttons[k], label));
    this.el = element("fieldset", "convviz-choice", element("legend", "", name), ...labels);
    this.el.addEventListener(
      "change",
      ({ target }) => choose(/** @type {HTMLInputElement} */ (target).value),
      { signal },
    );
  }

  /** @param {string} value */
  set(value) {
    for (const button of this.buttons) button.checked = button.value === value;
  }
}
