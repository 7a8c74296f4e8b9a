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
 * twice deletes the cell, and give each control the name that is written beside it. The controls
 * may come into the page later than the view.
 *
 * @param {HTMLElement} view
 * @param {Walk} model
 * @param {AbortSignal} signal
 * @returns {boolean} false while the view is not in the page
 */
export function mendControls(view, model, signal) {
  const whole = view.closest(".convviz");
  if (!whole) return false;
  const mend = () => {
    const controls = whole.querySelector(":scope > .convviz-controls");
    if (!controls) return;
    observer.observe(controls, { childList: true, subtree: true }); // to do that again changes nothing
    for (const control of controls.querySelectorAll(FOCUSABLE)) {
      if (control instanceof HTMLElement) mendControl(control);
    }
  };
  const observer = new MutationObserver(mend);
  observer.observe(whole, { childList: true });
  mend();
  signal.addEventListener("abort", () => observer.disconnect());
  whole.addEventListener("keydown", (event) => endWalk(/** @type {KeyboardEvent} */ (event), model), {
    capture: true,
    signal,
  });
  return true;
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
