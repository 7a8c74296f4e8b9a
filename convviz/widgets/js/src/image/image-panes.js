/** The picture before and after: side by side, or one over the other with a divider to drag. */

import { text } from "../core/catalogue.js";
import { element, setAttribute } from "../page/dom.js";
import { overlayFrame, overlayScale, pairScale, pixelAt, placeOver, windowBox } from "./image-layout.js";
import { paintPhoto } from "./image-shades.js";

/**
 * @typedef {import("./image-convolution.js").Filtered} Filtered
 * @typedef {import("./image-convolution.js").Photo} Photo
 * @typedef {import("./image-layout.js").Box} Box
 * @typedef {import("./image-shades.js").Painting} Painting
 * @typedef {{row: number, column: number}} Pixel
 */

/** Fewer screen pixels for a pixel look better smoothed. */
const SHARP_FROM = 2.5;
const DIVIDER_STEP = 0.02;

export class Panes {
  #divider = 0.5;
  #overlay = false;
  #room = 0;
  /** @type {Filtered | undefined} */
  #filtered;

  /** @param {AbortSignal} signal removes every listener */
  constructor(signal) {
    this.before = new Layer("convviz-image-before", "convviz-image-window");
    this.before.canvas.setAttribute("role", "img");
    this.after = new Layer("convviz-image-after", "convviz-image-pixel");
    this.after.canvas.setAttribute("role", "application");
    this.after.canvas.tabIndex = 0;
    this.after.canvas.dataset.lmSuppressShortcuts = "true";
    this.handle = makeHandle();
    this.beforeStage = element("div", "convviz-image-stage", this.before.el);
    this.afterStage = element("div", "convviz-image-stage", this.after.el);
    this.beforeCaption = element("figcaption", "");
    this.afterCaption = element("figcaption", "");
    this.afterFigure = element("figure", "", this.afterCaption, this.afterStage);
    const beforeFigure = element("figure", "", this.beforeCaption, this.beforeStage);
    this.el = element("div", "convviz-image-panes", beforeFigure, this.afterFigure);
    this.#listen(signal);
  }

  /** @param {Photo} photo */
  setPhoto(photo) {
    const { height, width } = photo;
    this.before.paint(height, width, paintPhoto(photo));
    setAttribute(this.before.canvas, "aria-label", text("image_before_label", { height, width }));
  }

  /** @param {Filtered} filtered @param {Painting} painting */
  setResult(filtered, painting) {
    const { height, width } = filtered;
    const old = this.#filtered;
    this.#filtered = filtered;
    this.after.paint(height.output, width.output, painting.rgba);
    if (painting.count === 0) this.before.marked.hidden = true;
    if (old && sameGeometry(old, filtered)) return;
    const places = { height: height.output, width: width.output };
    setAttribute(this.after.canvas, "aria-label", text("image_after_label", places));
    this.afterCaption.textContent = text("image_after", places);
    this.#lay();
  }

  /** @param {boolean} overlay */
  setOverlay(overlay) {
    if (overlay === this.#overlay) return;
    this.#overlay = overlay;
    this.el.toggleAttribute("data-overlay", overlay);
    if (overlay) this.beforeStage.append(this.after.el, this.handle);
    else {
      this.handle.remove();
      this.afterStage.append(this.after.el);
    }
    this.#lay();
  }

  /** @param {number} room in CSS pixels */
  setRoom(room) {
    if (room === this.#room) return;
    this.#room = room;
    this.#lay();
  }

  /** Show which pixel is looked at, and the window that it reads. @param {number} i @param {number} j */
  show(i, j) {
    if (!this.#filtered) return;
    const { height, width } = this.#filtered;
    this.before.mark(windowBox(height, width, i, j), height.input, width.input);
    this.after.mark({ left: j, top: i, width: 1, height: 1 }, height.output, width.output);
  }

  /** The pixel of the picture before that the pointer is on. @param {MouseEvent} event */
  inputUnder(event) {
    return this.#pixelUnder(event, this.before.canvas);
  }

  /** The pixel of the picture after that the pointer is on. @param {MouseEvent} event */
  outputUnder(event) {
    return this.#pixelUnder(event, this.after.canvas);
  }

  /** @param {MouseEvent} event @param {HTMLCanvasElement} canvas @returns {Pixel} */
  #pixelUnder(event, canvas) {
    const box = canvas.getBoundingClientRect();
    return {
      row: pixelAt((event.clientY - box.top) / box.height, canvas.height),
      column: pixelAt((event.clientX - box.left) / box.width, canvas.width),
    };
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const { handle } = this;
    handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId), { signal });
    handle.addEventListener(
      "pointermove",
      (event) => {
        if (!handle.hasPointerCapture(event.pointerId)) return;
        const { left, width } = this.beforeStage.getBoundingClientRect();
        this.#moveDivider((event.clientX - left) / width);
      },
      { signal },
    );
    handle.addEventListener(
      "keydown",
      (event) => {
        const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 };
        if (event.key in steps) {
          const step = steps[/** @type {keyof typeof steps} */ (event.key)];
          this.#moveDivider(this.#divider + step * DIVIDER_STEP);
        } else if (event.key === "Home") this.#moveDivider(0);
        else if (event.key === "End") this.#moveDivider(1);
        else return;
        event.preventDefault();
        event.stopPropagation();
      },
      { signal },
    );
  }

  /** @param {number} share of the stage's width */
  #moveDivider(share) {
    this.#divider = Math.min(Math.max(share, 0), 1);
    this.#drawDivider();
  }

  #lay() {
    const filtered = this.#filtered;
    if (!filtered || this.#room === 0) return;
    const { height, width } = filtered;
    const empty = height.output === 0 || width.output === 0;
    const overlay = this.#overlay && !empty;
    this.afterFigure.hidden = this.#overlay || empty;
    this.after.el.hidden = empty;
    this.handle.hidden = empty;
    const before = { left: 0, top: 0, width: width.input, height: height.input };
    const frame = overlay ? overlayFrame(height, width) : before;
    const scale = overlay ? overlayScale(this.#room, frame) : pairScale(this.#room, height, width);
    this.before.place(before, frame, scale);
    resize(this.beforeStage, frame, scale);
    if (overlay) {
      this.after.place(placeOver(height, width), frame, scale);
    } else {
      const after = { left: 0, top: 0, width: width.output, height: height.output };
      this.after.place(after, after, scale);
      resize(this.afterStage, after, scale);
    }
    this.beforeCaption.textContent = this.#overlay
      ? text("image_overlay")
      : text("image_before", { height: height.input, width: width.input });
    this.#drawDivider();
  }

  #drawDivider() {
    const { canvas, el } = this.after;
    if (!this.#overlay || !this.#filtered) {
      canvas.style.clipPath = "";
      return;
    }
    const stage = parseFloat(this.beforeStage.style.width);
    const hidden = this.#divider * stage - parseFloat(el.style.left);
    canvas.style.clipPath = `inset(0 0 0 ${Math.max(hidden, 0)}px)`;
    this.handle.style.left = `${this.#divider * stage}px`;
    setAttribute(this.handle, "aria-valuenow", String(Math.round(100 * this.#divider)));
  }
}

/** A canvas and a mark on it, placed together. */
class Layer {
  /** @param {string} className @param {string} markName */
  constructor(className, markName) {
    this.canvas = document.createElement("canvas");
    this.canvas.className = className;
    this.marked = element("div", `convviz-image-mark ${markName}`);
    this.marked.hidden = true;
    this.el = element("div", "convviz-image-layer", this.canvas, this.marked);
  }

  /** @param {number} height @param {number} width @param {Uint8ClampedArray<ArrayBuffer>} rgba */
  paint(height, width, rgba) {
    const { canvas } = this;
    if (canvas.height !== height || canvas.width !== width) Object.assign(canvas, { height, width });
    if (rgba.length === 0) return;
    canvas.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
  }

  /** Outline some of `rows` x `columns` pixels. @param {Box} box @param {number} rows @param {number} columns */
  mark({ left, top, width, height }, rows, columns) {
    this.marked.hidden = false;
    const { style } = this.marked;
    style.left = `${(100 * left) / columns}%`;
    style.top = `${(100 * top) / rows}%`;
    style.width = `${(100 * width) / columns}%`;
    style.height = `${(100 * height) / rows}%`;
  }

  /** @param {Box} box where, in pixels of the input @param {Box} frame around all @param {number} scale */
  place(box, frame, scale) {
    const { style } = this.el;
    style.left = `${(box.left - frame.left) * scale}px`;
    style.top = `${(box.top - frame.top) * scale}px`;
    resize(this.el, box, scale);
    const zoom = (box.width / Math.max(this.canvas.width, 1)) * scale;
    this.canvas.toggleAttribute("data-sharp", zoom >= SHARP_FROM);
  }
}

/** @param {HTMLElement} el @param {Box} box @param {number} scale */
function resize(el, { width, height }, scale) {
  el.style.width = `${width * scale}px`;
  el.style.height = `${height * scale}px`;
}

function makeHandle() {
  const handle = element("div", "convviz-image-divider");
  const attributes = {
    role: "slider",
    "aria-label": text("image_divider"),
    "aria-orientation": "horizontal",
    "aria-valuemin": "0",
    "aria-valuemax": "100",
    "aria-valuenow": "50",
  };
  for (const [name, value] of Object.entries(attributes)) handle.setAttribute(name, value);
  handle.tabIndex = 0;
  handle.dataset.lmSuppressShortcuts = "true";
  return handle;
}

/** @param {Filtered} a @param {Filtered} b */
function sameGeometry(a, b) {
  return (
    a.photo === b.photo &&
    a.filter.stride === b.filter.stride &&
    a.height.before === b.height.before &&
    a.width.before === b.width.before &&
    a.height.span === b.height.span &&
    a.width.span === b.width.span &&
    a.height.output === b.height.output &&
    a.width.output === b.width.output
  );
}
