/** One view of an explorer: hears what changes and what is pointed at, and has it drawn. */

import { text } from "../core/catalogue.js";
import { CodePanel } from "./code-panel.js";
import { mendControls } from "../page/controls.js";
import { makeDrawSoon } from "../page/draw-soon.js";
import { makeScene } from "../core/convolution.js";
import { element } from "../page/dom.js";
import { editCell } from "./editor.js";
import { fixes } from "./fixes.js";
import { Picture } from "./picture.js";
import { listen } from "../page/pointing.js";
import { PredictionForm } from "./prediction-form.js";
import { SamePanel } from "./same-panel.js";
import { SavePanel } from "./save-panel.js";
import { describePicture } from "./save-words.js";
import { LAYER } from "./session.js";
import { SettingsControls } from "./settings-controls.js";
import { TELLING, Toolbar } from "./toolbar.js";
import { ValuesPanel } from "./values-panel.js";

/**
 * @typedef {import("../core/convolution.js").Scene} Scene
 * @typedef {import("../core/highlight.js").Cell} Cell
 * @typedef {import("./picture.js").Look} Look
 * @typedef {import("./picture.js").Shown} Shown
 * @typedef {import("./session.js").Session} Session
 * @typedef {import("./terms.js").Term} Term
 * @typedef {{el: HTMLElement, draw?: (scene: Scene, shown: Shown) => void}} Panel
 */

const LOOK = ["heat_map", "panel", "predict", "_revealed", "_interval", "_apart"];
const FOCUS = ["position", "out_channel"];

export class ExplorerView {
  /** @type {Cell | Term | null} */
  #pointed = null;
  /** @type {Cell | Term | null} */
  #pinned = null;
  /** What the form asked last, and what the open panel showed last. */
  #asked = "";
  #panelled = "";
  /** Counts the scenes, to tell one from the next. */
  #number = 0;

  /**
   * @param {Session} session
   * @param {import("./session.js").Model} model as this view has it: its listeners end with the view
   * @param {HTMLElement} el @param {AbortSignal} signal
   */
  constructor(session, model, el, signal) {
    this.session = session;
    this.model = model;
    this.signal = signal;
    this.picture = new Picture();
    this.settings = new SettingsControls(session);
    this.toolbar = new Toolbar(session);
    this.form = new PredictionForm({ onDone: () => this.#reveal() }, signal);
    const complain = (/** @type {string} */ words) => this.picture.complain(words);
    /** @type {Record<string, Panel>} */
    this.panels = {
      values: new ValuesPanel(session, complain),
      same: new SamePanel(signal),
      code: new CodePanel(signal),
      save: new SavePanel(() => this.picture.el, () => this.#description()),
    };
    this.panel = element("div", "convviz-panel");
    const bar = element("div", "convviz-bar", this.settings.el, this.toolbar.el);
    el.append(bar, this.panel, this.form.el, this.picture.el);
    this.#hear(el);
    this.scene = makeScene(session.layer);
    this.#drawLook();
  }

  /** @param {HTMLElement} el */
  #hear(el) {
    const { model } = this;
    const drawSoon = makeDrawSoon((/** @type {Set<string>} */ due) => this.#draw(due), this.signal);
    for (const [what, names] of Object.entries({ layer: LAYER, look: LOOK, focus: FOCUS })) {
      for (const name of names) model.on(`change:${name}`, () => drawSoon(what));
    }
    model.on("change:_playing", () => this.picture.el.toggleAttribute("data-playing", model.get("_playing")));
    listen(this.picture.el, this.#hearer(), this.signal);
    this.picture.messages.addEventListener("click", (event) => this.#fix(event.target));
    let mended = false;
    const resized = new ResizeObserver(([entry]) => {
      this.picture.setWidth(entry.contentRect.width);
      mended ||= mendControls(el, model, this.signal);
      this.#showSliders();
    });
    resized.observe(this.picture.el);
    this.signal.addEventListener("abort", () => {
      resized.disconnect();
      // JupyterLab and ipywidgets hold a closed view for long; its cells need not stay with it.
      el.replaceChildren();
    });
  }

  /** @param {Set<string>} due what has changed: "layer", "look" or "focus" */
  #draw(due) {
    // A setting may move the position too, but only a walk lets go of what is pinned.
    if (due.has("focus") && !due.has("layer")) this.#pinned = null;
    if (due.has("layer")) {
      this.#number += 1;
      this.scene = makeScene(this.session.layer);
    }
    if (due.has("look")) this.#drawLook();
    else if (due.has("layer")) this.#drawPicture();
    else this.#drawFocus();
  }

  #drawLook() {
    const panel = this.model.get("panel");
    const veiled = this.#look().sizeVeiled || this.model.get("predict") === "output_value";
    this.toolbar.draw(veiled);
    this.#openPanel(veiled && TELLING.includes(panel) ? null : panel);
    this.picture.el.toggleAttribute("data-editing", panel === "values");
    this.#drawPicture();
  }

  #drawPicture() {
    const { scene, session } = this;
    this.settings.draw(this.model.get("panel") === "settings");
    this.#showSliders();
    this.picture.setScene(scene, this.#look(), scene.fits ? [] : fixes(session.layer));
    this.#drawFocus();
  }

  #unpinAndDraw() {
    this.#pinned = null;
    this.#drawFocus();
  }

  #drawFocus() {
    const { picture, model } = this;
    if (this.#pointed && !this.#isThere(this.#pointed)) this.#pointed = null;
    if (this.#pinned && !this.#isThere(this.#pinned)) this.#pinned = null;
    const shown = this.#shown();
    const here = { grid: /** @type {const} */ ("output"), channel: shown.c_out, row: shown.i, col: shown.j };
    picture.setFocus(shown, this.#pointed ?? this.#pinned ?? here, model.get("position"));
    picture.el.toggleAttribute("data-pinned", this.#pinned !== null);
    this.#ask();
    this.#drawPanel(shown);
  }

  /** @param {Cell | Term} target */
  #isThere(target) {
    return "term" in target || this.picture.cellAt(target) !== undefined;
  }

  /** The output cell that is taken apart: the one pointed at, else the one the kernel stands on. @returns {Shown} */
  #shown() {
    const target = this.#pointed ?? this.#pinned;
    if (target && "grid" in target && target.grid === "output") {
      return { c_out: target.channel, i: target.row, j: target.col };
    }
    return this.#standing();
  }

  /** @returns {Shown} */
  #standing() {
    const { model } = this;
    const position = model.get("position");
    const columns = this.#columns();
    return { c_out: model.get("out_channel"), i: Math.floor(position / columns), j: position % columns };
  }

  #columns() {
    return Math.max(this.scene.width.output, 1);
  }

  // -- predictions

  /** @returns {Look} */
  #look() {
    const { model } = this;
    const [asks, revealed] = [model.get("predict"), new Set(model.get("_revealed"))];
    return {
      heat: model.get("heat_map"),
      sizeVeiled: asks === "output_size" && !revealed.has("size"),
      valueVeiled: ({ c_out, i, j }) => asks === "output_value" && !revealed.has(`${c_out} ${i} ${j}`),
    };
  }

  #ask() {
    const kind = this.model.get("predict");
    this.form.el.hidden = kind === null;
    if (kind === null) return;
    const shown = this.#standing();
    const about = kind === "output_size" ? "" : Object.values(shown).join();
    const question = `${kind} ${this.#number} ${about}`;
    if (question === this.#asked) return;
    this.#asked = question;
    this.form.ask({ kind, scene: this.scene, shown });
  }

  #reveal() {
    const { model } = this;
    const { c_out, i, j } = this.#standing();
    const name = model.get("predict") === "output_size" ? "size" : `${c_out} ${i} ${j}`;
    this.session.change({ _revealed: [...model.get("_revealed"), name] });
  }

  // -- panels and controls

  #description() {
    return describePicture(this.scene, this.#look().sizeVeiled);
  }

  /** @param {string | null} name */
  #openPanel(name) {
    const open = name ? this.panels[name] : undefined;
    if (this.panel.firstElementChild === (open?.el ?? null)) return;
    this.panel.replaceChildren(...(open ? [open.el] : []));
    this.#panelled = "";
  }

  /** @param {Shown} shown */
  #drawPanel(shown) {
    const open = Object.values(this.panels).find(({ el }) => el === this.panel.firstElementChild);
    const showing = `${this.#number} ${shown.c_out}`;
    if (!open || showing === this.#panelled) return;
    this.#panelled = showing;
    open.draw?.(this.scene, shown);
  }

  /** A slider that holds one number is of no use while its setting has another form. */
  #showSliders() {
    const { layer, paddingForm } = this.session;
    const controls = this.picture.el.closest(".convviz");
    if (!controls) return;
    const used = {
      stride: !Array.isArray(layer.stride),
      dilation: !Array.isArray(layer.dilation),
      padding: paddingForm === "number",
    };
    for (const [name, shown] of Object.entries(used)) controls.classList.toggle(`convviz-without-${name}`, !shown);
  }

  /** @param {EventTarget | null} target */
  #fix(target) {
    const chosen = target instanceof Element ? target.closest("[data-fix]") : null;
    if (!(chosen instanceof HTMLElement)) return;
    const { settings, kernelSize } = fixes(this.session.layer)[Number(chosen.dataset.fix)];
    this.session.change(settings);
    if (kernelSize) this.session.setKernelSize(kernelSize);
    // The button is gone with the message; the keyboard goes on from the toolbar.
    this.toolbar.el.querySelector("button")?.focus();
  }

  // -- pointing and editing

  /** @returns {import("../page/pointing.js").Hearer} */
  #hearer() {
    return {
      point: (target) => {
        if (alike(target, this.#pointed)) return;
        this.#pointed = target;
        this.#drawFocus();
      },
      choose: (target) => this.#choose(target),
      edit: (cell, typed) => this.#edit(cell, typed),
      release: () => this.#unpinAndDraw(),
    };
  }

  /** @param {Cell | Term} target */
  #choose(target) {
    if ("grid" in target && target.grid === "output") {
      this.session.change({ out_channel: target.channel, position: target.row * this.#columns() + target.col });
      this.#unpinAndDraw();
    } else if ("grid" in target && this.model.get("panel") === "values" && this.#isEditable(target)) {
      this.#edit(target);
    } else {
      this.#pinned = alike(target, this.#pinned) ? null : target;
      this.#drawFocus();
    }
  }

  /** @param {Cell} cell */
  #isEditable(cell) {
    return cell.grid === "kernel" || (cell.grid === "input" && !this.picture.cellAt(cell)?.hasAttribute("data-padding"));
  }

  /** @param {Cell} cell @param {string} [typed] */
  #edit(cell, typed) {
    const el = this.picture.cellAt(cell);
    if (!el) return;
    if (!this.#isEditable(cell)) {
      this.picture.complain(text("not_editable"));
      return;
    }
    const { c_out } = this.#shown();
    editCell(el, {
      typed,
      take: (value) => this.session.setValue(cell, value, c_out),
      complain: (words) => this.picture.complain(words),
      leave: (to) => this.#leave(cell, to),
    });
  }

  /** Back to the cell, or on to the next one. @param {Cell} cell @param {"stay" | "next"} to */
  #leave(cell, to) {
    const right = { ...cell, col: cell.col + 1 };
    const below = { ...cell, row: cell.row + 1, col: 0 };
    const next = to === "stay" ? undefined : [right, below].find((at) => this.picture.cellAt(at) && this.#isEditable(at));
    this.picture.cellAt(next ?? cell)?.focus();
    if (next) this.#edit(next);
  }
}

/** @param {Cell | Term | null} a @param {Cell | Term | null} b */
function alike(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
