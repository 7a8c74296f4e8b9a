/** The axis explorer's entry: the widget's model on one side, the picture on the other. */

import { mendControls } from "../page/controls.js";
import { makeAxis, sidesOf } from "../core/geometry.js";
import { guard, isAny, isFlag, isOneOf, isPairOf, isWhole, walkChecks } from "../core/guard.js";
import { listen } from "../page/pointing.js";
import { KNOBS, linkKnobs } from "../core/padding-knobs.js";
import { makeDrawSoon } from "../page/draw-soon.js";
import { StripPicture } from "./strip-picture.js";

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 * @typedef {import("../core/guard.js").Model} Model
 *
 * @typedef {{grid: "input" | "output", index: number, inLens: boolean}} Pointed
 */

const isPadding = isWhole(0, 128);

/** The ranges of axis_explorer.py. */
const CHECKS = {
  input_size: isWhole(1, 1024),
  kernel_size: isWhole(1, 128),
  stride: isWhole(1, 128),
  padding: isAny(isPadding, isPairOf(isPadding), isOneOf("valid", "same")),
  dilation: isWhole(1, 32),
};

const SETTINGS = Object.keys(CHECKS);

/** The axis that the settings describe. @param {(name: string) => any} get @returns {Axis} */
function axisOf(get) {
  const settings = {
    input: get("input_size"),
    kernel: get("kernel_size"),
    stride: get("stride"),
    dilation: get("dilation"),
  };
  const padding = get("padding");
  const sides = Array.isArray(padding) ? [padding, padding] : padding;
  const [before, after] = sidesOf(sides, 0, settings);
  return makeAxis({ ...settings, before, after });
}

/**
 * Runs once for a model, however many views it has: keeps knobs, settings and position in step.
 *
 * @param {{model: Model}} context
 */
function initialize({ model }) {
  const guarded = guard(model, {
    ...CHECKS,
    ...walkChecks((values) => axisOf((name) => values[name]).output),
    _interval: isWhole(1),
    _playing: isFlag,
    _padding: isPadding,
    _padding_before: isPadding,
    _padding_after: isPadding,
    _padding_same: isFlag,
  });
  const followSettings = () => {
    const last = axisOf(model.get).output - 1;
    if (last >= 0) {
      // The value before the end: a slider whose end falls below its value moves by itself.
      if (model.get("position") > last) model.set("position", last);
      model.set("_last_position", last);
    }
    model.save_changes();
  };
  linkKnobs(model, guarded, KNOBS);
  for (const name of SETTINGS) guarded.on(name, followSettings);
  followSettings();
}

/**
 * Runs once for a view.
 *
 * @param {{model: Model, el: HTMLElement, signal: AbortSignal}} context
 */
function render({ model, el, signal }) {
  const picture = new StripPicture();
  el.append(picture.el);
  /** @type {Pointed | null} */
  let pointed = null;
  /** @type {Pointed | null} */
  let pinned = null;
  /** The output that the lens stands at: it must not run away from under the pointer. */
  let lensAt = 0;

  const isShown = (/** @type {Pointed} */ { grid, index, inLens }) =>
    !inLens || picture.lens.holds(grid, index);
  const draw = () => {
    picture.setAxis(axisOf(model.get));
    if (pointed && !isShown(pointed)) pointed = null;
    if (pinned && !isShown(pinned)) pinned = null;
    const focus = pointed ?? pinned;
    const output = focus?.grid === "output" ? focus.index : model.get("position");
    if (!focus?.inLens) lensAt = output;
    picture.show(focus?.grid === "input" ? { input: focus.index } : { output }, lensAt);
  };
  const drawSoon = makeDrawSoon(draw, signal);
  const point = (/** @type {Pointed | null} */ next) => {
    if (samePlace(next, pointed)) return;
    pointed = next;
    draw();
  };
  const choose = (/** @type {Pointed} */ cell) => {
    if (cell.grid === "output") {
      pinned = null;
      model.set("position", cell.index);
      model.save_changes();
    } else {
      pinned = samePlace(cell, pinned) ? null : cell;
    }
    draw();
  };
  const release = () => {
    pinned = null;
    draw();
  };

  for (const name of SETTINGS) {
    model.on(`change:${name}`, () => {
      pointed = pinned = null;
      drawSoon("axis");
    });
  }
  model.on("change:position", () => {
    pinned = null;
    if (pointed?.grid !== "output" || pointed.index !== model.get("position")) pointed = null;
    drawSoon("position");
  });

  listen(
    picture.el,
    {
      point: (target) => point(target && "grid" in target ? inLens(target) : null),
      choose: (target) => "grid" in target && choose(inLens(target)),
      edit: () => {},
      release,
    },
    signal,
  );
  const overview = picture.overview.el;
  const overviewOutput = (/** @type {MouseEvent} */ event) => {
    const { left, top } = overview.getBoundingClientRect();
    const index = picture.overview.outputAt(event.clientX - left, event.clientY - top);
    return index === null ? null : { grid: /** @type {const} */ ("output"), index, inLens: false };
  };
  overview.addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerType !== "touch") point(overviewOutput(event));
    },
    { signal },
  );
  overview.addEventListener(
    "click",
    (event) => {
      const output = overviewOutput(event);
      if (output) choose(output);
    },
    { signal },
  );

  let mended = false;
  const resized = new ResizeObserver(([entry]) => {
    picture.setWidth(Math.floor(entry.contentRect.width));
    draw();
    mended ||= mendControls(picture.el, model, signal);
  });
  resized.observe(picture.el);
  signal.addEventListener("abort", () => {
    resized.disconnect();
    // JupyterLab and ipywidgets hold a closed view for long; the picture need not stay with it.
    el.replaceChildren();
  });
  draw();
}

/** @param {import("../core/highlight.js").Cell} cell @returns {Pointed} */
function inLens({ grid, col }) {
  return { grid: grid === "input" ? "input" : "output", index: col, inLens: true };
}

/** @param {Pointed | null} a @param {Pointed | null} b */
function samePlace(a, b) {
  if (!a || !b) return a === b;
  return a.grid === b.grid && a.index === b.index && a.inLens === b.inLens;
}

export default { initialize, render };
