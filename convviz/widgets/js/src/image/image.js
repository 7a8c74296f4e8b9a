/** The image explorer's entry: the widget's model on one side, the picture on the other. */

import { mendControls } from "../page/controls.js";
import { filterPhoto } from "./image-convolution.js";
import { guard, isAny, isFlag, isOneOf, isWhole, shapeOf } from "../core/guard.js";
import { LARGEST_DIVISOR, LARGEST_WEIGHT } from "./image-numbers.js";
import { clamp, middleOf, outputNear } from "./image-layout.js";
import { ImagePicture } from "./image-picture.js";
import { SHOWS, suitedShow } from "./image-shades.js";
import { linkKnobs } from "../core/padding-knobs.js";
import { makeDrawSoon } from "../page/draw-soon.js";

/**
 * @typedef {import("./image-convolution.js").Filter} Filter
 * @typedef {import("./image-convolution.js").Filtered} Filtered
 * @typedef {import("./image-convolution.js").Photo} Photo
 * @typedef {import("./image-panes.js").Pixel} Pixel
 * @typedef {import("../core/guard.js").Model} Model
 */

const PHOTO = ["_pixels", "_shape"];
const FILTER = ["kernel", "divisor", "stride", "padding", "dilation"];
const FAR = 10;

/** As image_arrays.py has it. */
const LARGEST_KERNEL = 9;

const isPadding = isWhole(0, 64);

const CHECKS = {
  kernel: isKernel,
  divisor: isWhole(1, LARGEST_DIVISOR),
  stride: isWhole(1, 64),
  padding: isAny(isPadding, isOneOf("valid", "same")),
  dilation: isWhole(1, 64),
  show: isOneOf(...SHOWS),
  _padding: isPadding,
  _padding_same: isFlag,
  _overlay: isFlag,
};

/** @param {unknown} value */
function isKernel(value) {
  const shape = shapeOf(value);
  if (shape?.length !== 2 || Math.max(...shape) > LARGEST_KERNEL) return false;
  const weights = /** @type {number[][]} */ (value);
  return weights.flat().every((weight) => Math.abs(weight) <= LARGEST_WEIGHT);
}

/** Whether there are as many bytes as the shape says. @type {import("../core/guard.js").CheckAmong} */
function isPhoto(_, { _shape: shape, _pixels: pixels }) {
  if (!Array.isArray(shape) || shape.length !== 3 || !shape.every(isWhole(1))) return false;
  return pixels instanceof DataView && pixels.byteLength === shape[0] * shape[1] * shape[2];
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @param {Model} model @returns {Photo} */
function photoOf(model) {
  const [height, width, channels] = model.get("_shape");
  const { buffer, byteOffset, byteLength } = model.get("_pixels");
  return { height, width, channels, pixels: new Uint8Array(buffer, byteOffset, byteLength) };
}

/**
 * Runs once for a model, however many views it has: keeps padding and its controls in step.
 *
 * @param {{model: Model}} context
 */
function initialize({ model }) {
  const guarded = guard(model, { ...CHECKS, _shape: isPhoto, _pixels: isPhoto });
  linkKnobs(model, guarded, ["_padding", "_padding_same"]);
}

/**
 * Runs once for a view.
 *
 * @param {{model: Model, el: HTMLElement, signal: AbortSignal}} context
 */
function render({ model, el, signal }) {
  const change = (/** @type {Record<string, unknown>} */ values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const picture = new ImagePicture(
    {
      kernel: (kernel) => change({ kernel }),
      divisor: (divisor) => change({ divisor }),
      preset: ({ kernel, divisor }) => change({ kernel, divisor, show: suitedShow(kernel) }),
      show: (show) => change({ show }),
      channel(chosen) {
        channel = chosen;
        drawPixel();
      },
    },
    signal,
  );
  el.append(picture.el);

  let photo = photoOf(model);
  let channel = 0;
  // Where on the input one looks: it stays the same place when stride or padding change.
  /** @type {Pixel} */
  let chosen = { row: photo.height >> 1, column: photo.width >> 1 };
  /** @type {Pixel | null} */
  let pointed = null;

  const filter = () => /** @type {Filter} */ (Object.fromEntries(FILTER.map((name) => [name, model.get(name)])));
  let filtered = filterPhoto(photo, filter());
  const drawPixel = () => {
    picture.setPixel(filtered, pixelNear(filtered, pointed ?? chosen), channel, model.get("show"));
  };
  const drawResult = () => {
    picture.setResult(filtered, model.get("show"));
    drawPixel();
  };
  const draw = () => {
    filtered = filterPhoto(photo, filter());
    drawResult();
  };
  const drawPhoto = () => {
    photo = photoOf(model);
    picture.panes.setPhoto(photo);
    draw();
  };
  const drawSoon = makeDrawSoon((due) => (due.has("photo") ? drawPhoto : draw)(), signal);
  for (const name of PHOTO) model.on(`change:${name}`, () => drawSoon("photo"));
  for (const name of [...FILTER, "show"]) model.on(`change:${name}`, () => drawSoon("filter"));
  model.on("change:_overlay", () => picture.panes.setOverlay(model.get("_overlay")));

  const { before, after } = picture.panes;
  const seen = (/** @type {PointerEvent} */ event) =>
    event.target === after.canvas
      ? placeOf(filtered, picture.panes.outputUnder(event))
      : picture.panes.inputUnder(event);
  const point = (/** @type {Pixel | null} */ pixel) => {
    if (pixel?.row === pointed?.row && pixel?.column === pointed?.column) return;
    pointed = pixel;
    drawPixel();
  };
  const choose = (/** @type {Pixel} */ pixel) => {
    chosen = pixel;
    pointed = null;
    drawPixel();
  };
  for (const { canvas } of [before, after]) {
    // A mouse looks at what it is on and chooses with a click; a finger chooses as it goes.
    canvas.addEventListener(
      "pointermove",
      (event) => (event.pointerType === "touch" ? choose : point)(seen(event)),
      { signal },
    );
    canvas.addEventListener("pointerdown", (event) => choose(seen(event)), { signal });
    canvas.addEventListener("pointerleave", () => point(null), { signal });
  }
  after.canvas.addEventListener(
    "keydown",
    (event) => {
      if (!(event.key in STEPS)) return;
      const [down, right] = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
      const step = event.shiftKey ? FAR : 1;
      const { row, column } = pixelNear(filtered, chosen);
      choose(placeOf(filtered, { row: row + step * down, column: column + step * right }));
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );
  picture.lens.listen(
    { point: (at) => picture.light(at), choose: ({ u, v }) => picture.kernel.select(u, v) },
    signal,
  );

  let mended = false;
  const resized = new ResizeObserver(([entry]) => {
    picture.setRoom(Math.floor(entry.contentRect.width));
    mended ||= mendControls(picture.el, model, signal);
  });
  resized.observe(picture.el);
  signal.addEventListener("abort", () => {
    resized.disconnect();
    // JupyterLab and ipywidgets hold a closed view for long; the picture need not stay with it.
    el.replaceChildren();
  });
  picture.panes.setPhoto(photo);
  picture.panes.setOverlay(model.get("_overlay"));
  drawResult();
}

/**
 * The output pixel that looks nearest to a place on the input.
 *
 * @param {Filtered} filtered @param {Pixel} place
 * @returns {Pixel}
 */
function pixelNear({ height, width }, { row, column }) {
  return { row: outputNear(height, row), column: outputNear(width, column) };
}

/**
 * The place on the input that an output pixel looks at.
 *
 * @param {Filtered} filtered @param {Pixel} pixel
 * @returns {Pixel}
 */
function placeOf({ height, width }, { row, column }) {
  return {
    row: middleOf(height, clamp(row, height.output)),
    column: middleOf(width, clamp(column, width.output)),
  };
}

export default { initialize, render };
