/** The explorer's entry: the widget's model on one side, the picture on the other. */

import { makeScene } from "./convolution.js";
import { mendControls } from "./controls.js";
import { makeAxes } from "./geometry.js";
import { knobsOf, settingsAfter } from "./knobs.js";
import { Picture } from "./picture.js";
import { listen } from "./pointing.js";

/**
 * @typedef {import("./highlight.js").Cell} Cell
 * @typedef {import("./convolution.js").Layer} Layer
 * @typedef {import("./knobs.js").Knobs} Knobs
 *
 * @typedef {object} Model the part of a widget's model that is used here
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, callback: () => void) => void} on
 * @property {(event: string, callback: () => void) => void} off
 */

const SETTINGS = ["stride", "padding", "dilation"];
const LAYER = [...SETTINGS, "input", "weight", "bias", "groups", "padding_mode"];

/**
 * Runs once for a model, however many views it has: keeps knobs, settings and position in step.
 *
 * @param {{model: Model, signal?: AbortSignal}} context
 */
function initialize({ model }) {
  const knobNames = Object.keys(knobsOf({ stride: 1, padding: 0, dilation: 1 }, {}));
  const read = (/** @type {string[]} */ names) =>
    Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const knobs = () => /** @type {Knobs} */ (read(knobNames));
  const settings = () => /** @type {import("./knobs.js").Settings} */ (read(SETTINGS));

  const followSettings = () => {
    const wanted = knobsOf(settings(), knobs());
    for (const name of knobNames) model.set(name, wanted[name]);
    keepPositionInside(model);
    model.save_changes();
  };
  for (const name of SETTINGS) model.on(`change:${name}`, followSettings);
  for (const name of knobNames) {
    model.on(`change:${name}`, () => {
      const now = knobs();
      if (now[name] === knobsOf(settings(), now)[name]) return;
      for (const [setting, value] of Object.entries(settingsAfter(name, now))) {
        model.set(setting, value);
      }
      model.save_changes();
    });
  }
  for (const name of ["input", "weight"]) model.on(`change:${name}`, followSettings);
  followSettings();
}

/**
 * The position slider ends at the last output cell. Without an output it stays as it was.
 *
 * @param {Model} model
 */
function keepPositionInside(model) {
  const [input, weight] = [model.get("input"), model.get("weight")];
  const { height, width } = makeAxes({
    inputSize: [input[0].length, input[0][0].length],
    kernelSize: [weight[0][0].length, weight[0][0][0].length],
    stride: model.get("stride"),
    padding: model.get("padding"),
    dilation: model.get("dilation"),
  });
  const last = height.output * width.output - 1;
  if (last < 0) return;
  // The value before the end: a slider whose end falls below its value moves by itself.
  if (model.get("position") > last) model.set("position", last);
  model.set("_last_position", last);
}

/**
 * Runs once for a view.
 *
 * @param {{model: Model, el: HTMLElement, signal: AbortSignal}} context
 */
function render({ model, el, signal }) {
  const picture = new Picture();
  el.append(picture.el);
  /** @type {Cell | null} */
  let pointed = null;
  /** @type {Cell | null} */
  let pinned = null;

  const shownCell = () => {
    const cell = pointed ?? pinned;
    if (cell?.grid === "output") return { c_out: cell.channel, i: cell.row, j: cell.col };
    const position = model.get("position");
    const columns = Math.max(picture.scene?.width.output ?? 1, 1);
    return {
      c_out: model.get("out_channel"),
      i: Math.floor(position / columns),
      j: position % columns,
    };
  };
  const drawFocus = () => {
    if (pointed && !picture.holds(pointed)) pointed = null;
    if (pinned && !picture.holds(pinned)) pinned = null;
    const shown = shownCell();
    const here = { grid: /** @type {const} */ ("output"), channel: shown.c_out, row: shown.i, col: shown.j };
    picture.setFocus(shown, pointed ?? pinned ?? here, model.get("position"));
    picture.el.toggleAttribute("data-pinned", pinned !== null);
  };
  const drawScene = () => {
    const layer = Object.fromEntries(LAYER.map((name) => [name, model.get(name)]));
    picture.setScene(makeScene(/** @type {Layer} */ (layer)));
    drawFocus();
  };
  const unpinAndDraw = () => {
    pinned = null;
    drawFocus();
  };

  // One slider step sets several traits, one event each: draw once, after the last of them.
  /** @type {(() => void) | null} */
  let due = null;
  const drawSoon = (/** @type {() => void} */ draw) => {
    if (due === null) {
      queueMicrotask(() => {
        const dueNow = /** @type {() => void} */ (due);
        due = null;
        if (!signal.aborted) dueNow();
      });
    }
    if (due !== drawScene) due = draw;
  };
  for (const name of LAYER) model.on(`change:${name}`, () => drawSoon(drawScene));
  for (const name of ["position", "out_channel"]) {
    model.on(`change:${name}`, () => drawSoon(unpinAndDraw));
  }

  listen(
    picture.el,
    {
      point(cell) {
        if (sameCell(cell, pointed)) return;
        pointed = cell;
        drawFocus();
      },
      choose(cell) {
        if (cell.grid === "output") {
          const columns = picture.scene?.width.output ?? 1;
          model.set("out_channel", cell.channel);
          model.set("position", cell.row * columns + cell.col);
          model.save_changes();
          unpinAndDraw();
        } else {
          pinned = sameCell(cell, pinned) ? null : cell;
          drawFocus();
        }
      },
      release: unpinAndDraw,
    },
    signal,
  );

  const resized = new ResizeObserver(([entry]) => {
    picture.setWidth(entry.contentRect.width);
    mendOnce();
  });
  let mended = false;
  const mendOnce = () => {
    if (!mended) mendControls(picture.el, signal);
    mended = true;
  };
  resized.observe(picture.el);
  signal.addEventListener("abort", () => resized.disconnect());
  drawScene();
}

/** @param {Cell | null} a @param {Cell | null} b */
function sameCell(a, b) {
  if (!a || !b) return a === b;
  return a.grid === b.grid && a.channel === b.channel && a.row === b.row && a.col === b.col;
}

export default { initialize, render };
