/** What ipywidgets' own controls lack, put right from the outside. */

import { text } from "../core/catalogue.js";

const PLAY_BUTTONS = [text("play"), text("stop"), text("repeat")];

const FOCUSABLE = ".noUi-handle, button, input, select, [contenteditable]";

/**
 * @typedef {object} Walk the part of a widget's model that the position slider moves
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 */

/**
 * Keep keys pressed on the controls beside `view` out of the notebook, where a "d" pressed
 * twice deletes the cell, and give each control the name that is written beside it.
 *
 * @param {HTMLElement} view already in the page
 * @param {Walk} model
 * @param {AbortSignal} signal
 */
export function mendControls(view, model, signal) {
  const controls = view.closest(".convviz")?.querySelector(".convviz-controls");
  if (!controls) return;
  const mend = () => {
    for (const control of controls.querySelectorAll(FOCUSABLE)) {
      if (control instanceof HTMLElement) mendControl(control);
    }
  };
  mend();
  const observer = new MutationObserver(mend);
  observer.observe(controls, { childList: true, subtree: true });
  signal.addEventListener("abort", () => observer.disconnect());
  controls.addEventListener("keydown", (event) => endWalk(/** @type {KeyboardEvent} */ (event), model), {
    capture: true,
    signal,
  });
}

/**
 * The slider takes End for the end that it was made with; the last position may be another now.
 *
 * @param {KeyboardEvent} event @param {Walk} model
 */
function endWalk(event, model) {
  const handle = event.target instanceof Element ? event.target.closest("[role='slider']") : null;
  if (event.key !== "End" || handle?.getAttribute("aria-label") !== "position") return;
  event.preventDefault();
  event.stopPropagation();
  model.set("position", model.get("_last_position"));
  model.save_changes();
}

/** @param {HTMLElement} control */
function mendControl(control) {
  if (control.dataset.lmSuppressShortcuts) return;
  control.dataset.lmSuppressShortcuts = "true";
  if (control.isContentEditable) control.setAttribute("role", "textbox");
  const name = nameOf(control);
  if (name) control.setAttribute("aria-label", name);
}

/** @param {HTMLElement} control */
function nameOf(control) {
  const play = control.closest(".widget-play");
  if (play) return PLAY_BUTTONS[[...play.children].indexOf(control)];
  // ipywidgets fills an empty description with a zero-width space.
  const label = control.closest(".widget-inline-hbox")?.querySelector(":scope > .widget-label");
  return label?.textContent?.replaceAll("\u200b", "").trim();
}
