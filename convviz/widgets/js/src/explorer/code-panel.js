/** The present setting as a program, in PyTorch and in Keras, to read and to copy. */

import { text } from "../core/catalogue.js";
import { kerasCode } from "./code-keras.js";
import { torchCode } from "./code-torch.js";
import { element, setAttribute } from "../page/dom.js";
import { tooLarge } from "../core/words.js";

/**
 * @typedef {import("../core/convolution.js").Scene} Scene
 * @typedef {{el: HTMLElement, name: string, generate: (scene: Scene) => string | null}} Tab
 */

export class CodePanel {
  /** @param {AbortSignal} signal removes every listener */
  constructor(signal) {
    const name = `convviz-code-${Math.random().toString(36).slice(2)}`;
    this.tabs = [
      makeTab(text("code_torch"), torchCode, `${name}-torch`),
      makeTab(text("code_keras"), kerasCode, `${name}-keras`),
    ];
    this.chosen = this.tabs[0];
    this.copy = element("button", "convviz-code-copy", text("code_copy"));
    this.copied = element("span", "convviz-code-copied");
    this.copied.setAttribute("role", "status");
    this.code = element("pre", "convviz-code-program");
    this.code.setAttribute("role", "group");
    this.code.tabIndex = 0;
    this.none = element("p", "convviz-code-none");
    this.panel = element("div", "convviz-code-panel", this.code, this.none);
    this.panel.id = `${name}-panel`;
    this.panel.setAttribute("role", "tabpanel");
    const tablist = element("div", "convviz-code-tabs", ...this.tabs.map(({ el }) => el));
    tablist.setAttribute("role", "tablist");
    tablist.setAttribute("aria-label", text("code_frameworks"));
    const head = element("div", "convviz-code-head", tablist, this.copied, this.copy);
    this.el = element("div", "convviz-code", head, this.panel);
    for (const el of [this.copy, this.code, ...this.tabs.map((tab) => tab.el)]) {
      el.dataset.lmSuppressShortcuts = "true";
    }
    for (const tab of this.tabs) {
      tab.el.setAttribute("aria-controls", this.panel.id);
      tab.el.addEventListener("click", () => this.#choose(tab), { signal });
    }
    tablist.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    this.copy.addEventListener("click", () => this.#copyCode(), { signal });
    this.#markChosen();
  }

  /** @param {Scene} scene */
  draw(scene) {
    if (scene === this.scene) return;
    /** @type {Scene | undefined} */
    this.scene = scene;
    this.#showCode();
  }

  #showCode() {
    if (!this.scene) return;
    const code = this.chosen.generate(this.scene);
    this.code.hidden = this.copy.hidden = code === null;
    this.none.hidden = code !== null;
    this.none.textContent = this.scene.tooLarge ? tooLarge(this.scene) : text("code_none");
    if (this.code.textContent === code) return;
    this.code.textContent = code;
    this.copied.textContent = "";
  }

  /** @param {Tab} tab */
  #choose(tab) {
    if (tab === this.chosen) return;
    this.chosen = tab;
    this.#markChosen();
    this.#showCode();
    this.code.scrollTo(0, 0);
  }

  #markChosen() {
    for (const tab of this.tabs) {
      setAttribute(tab.el, "aria-selected", String(tab === this.chosen));
      tab.el.tabIndex = tab === this.chosen ? 0 : -1;
    }
    this.panel.setAttribute("aria-labelledby", this.chosen.el.id);
    this.code.setAttribute("aria-label", text("code_program", { framework: this.chosen.name }));
  }

  /** @param {KeyboardEvent} event on a tab */
  #onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const last = this.tabs.length - 1;
    const now = this.tabs.indexOf(this.chosen);
    /** @type {Record<string, number>} */
    const targets = {
      ArrowLeft: now === 0 ? last : now - 1,
      ArrowRight: now === last ? 0 : now + 1,
      Home: 0,
      End: last,
    };
    const target = this.tabs[targets[event.key]];
    if (!target) return;
    event.preventDefault();
    this.#choose(target);
    target.el.focus();
  }

  async #copyCode() {
    const code = this.code.textContent ?? "";
    this.copied.textContent = ""; // the same words again would not be spoken
    const done = await copyText(code);
    if (code !== this.code.textContent) return; // another setting by now
    if (!done) {
      this.code.focus();
      getSelection()?.selectAllChildren(this.code);
    }
    this.copied.toggleAttribute("data-refused", !done);
    this.copied.textContent = text(done ? "code_copied" : "code_copy_by_hand");
  }
}

/** @param {string} name @param {Tab["generate"]} generate @param {string} id @returns {Tab} */
function makeTab(name, generate, id) {
  const el = element("button", "convviz-code-tab", name);
  el.id = id;
  el.setAttribute("role", "tab");
  return { el, name, generate };
}

/**
 * Whether the page was allowed to copy: there is no clipboard without HTTPS, or within a frame that
 * has no leave.
 *
 * @param {string} words
 */
async function copyText(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
}
