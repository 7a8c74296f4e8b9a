/** The whole picture of a photograph and its result. It decides nothing. */

import { text } from "../core/catalogue.js";
import { element, setAttribute } from "../page/dom.js";
import { Choice } from "./image-choice.js";
import { takeApart } from "./image-convolution.js";
import { KernelEditor } from "./image-kernel.js";
import { lensCell } from "./image-layout.js";
import { Lens } from "./image-lens.js";
import { Panes } from "./image-panes.js";
import { paint, SHOWS } from "./image-shades.js";
import { CHANNELS, misfits, pixelSentence, shownHow } from "./image-words.js";
import { alertBox } from "../page/sentence-lines.js";

/**
 * @typedef {import("./image-convolution.js").Filtered} Filtered
 * @typedef {import("./image-shades.js").Show} Show
 */

export class ImagePicture {
  #room = 0;
  #kernelColumns = 0;

  /**
   * @param {import("./image-kernel.js").On & {show: (show: Show) => void,
   *   channel: (channel: number) => void}} on
   * @param {AbortSignal} signal
   */
  constructor(on, signal) {
    this.kernel = new KernelEditor(on, signal);
    const shows = SHOWS.map((value) => ({ value, label: text(`image_show_${value}`) }));
    this.show = new Choice(text("image_show"), shows, (value) => on.show(/** @type {Show} */ (value)), signal);
    this.kernel.side.append(this.show.el);
    this.messages = element("div", "convviz-messages");
    this.panes = new Panes(signal);
    this.shownHow = element("p", "convviz-image-how");
    const channels = CHANNELS.map((name, c) => ({ value: String(c), label: text(`image_${name}`) }));
    this.channels = new Choice(text("image_channel"), channels, (value) => on.channel(Number(value)), signal);
    this.lens = new Lens();
    this.note = element("p", "convviz-note");
    this.note.setAttribute("role", "status");
    this.enlarged = element("div", "convviz-image-enlarged", this.note, this.channels.el, this.lens.el);
    const parts = [this.kernel.el, this.messages, this.panes.el, this.shownHow, this.enlarged];
    this.el = element("div", "convviz-explorer convviz-image-explorer", ...parts);
    this.el.setAttribute("role", "group");
    this.el.setAttribute("aria-label", text("image_explorer"));
  }

  /** A new result. @param {Filtered} filtered @param {Show} show */
  setResult(filtered, show) {
    const { photo, filter, height, width, output } = filtered;
    const fits = output.length > 0;
    const painting = paint(output, photo.channels, show);
    this.kernel.set(filter.kernel, filter.divisor);
    this.show.set(show);
    this.messages.replaceChildren(...(fits ? [] : [alertBox(misfits(filtered))]));
    this.panes.setResult(filtered, painting);
    this.shownHow.textContent = fits ? shownHow(painting, show) : "";
    this.enlarged.hidden = !fits;
    this.channels.el.hidden = photo.channels === 1;
    if (fits) setAttribute(this.el, "data-output-size", `${height.output}x${width.output}`);
    else this.el.removeAttribute("data-output-size");
    this.#kernelColumns = width.kernel;
    this.#size();
  }

  /**
   * Take one channel of one output pixel apart.
   *
   * @param {Filtered} filtered @param {import("./image-panes.js").Pixel} pixel @param {number} channel
   * @param {Show} show
   */
  setPixel(filtered, { row: i, column: j }, channel, show) {
    if (filtered.output.length === 0) {
      this.note.textContent = "";
      return;
    }
    const shown = Math.min(channel, filtered.photo.channels - 1);
    this.channels.set(String(shown));
    const parts = takeApart(filtered, i, j);
    this.panes.show(i, j);
    this.lens.set(filtered, parts[shown], i, j, show);
    const words = pixelSentence(filtered, parts, i, j);
    if (this.note.textContent !== words) this.note.textContent = words;
  }

  /** Light what belongs to one weight, or nothing. @param {{u: number, v: number} | null} at */
  light(at) {
    this.lens.light(at);
    this.kernel.light(at);
  }

  /** @param {number} room in CSS pixels */
  setRoom(room) {
    this.#room = room;
    this.panes.setRoom(room);
    this.#size();
  }

  #size() {
    if (this.#kernelColumns === 0 || this.#room === 0) return;
    const cell = lensCell(this.#room, this.#kernelColumns);
    this.el.style.setProperty("--cell", `${cell}px`);
  }
}
