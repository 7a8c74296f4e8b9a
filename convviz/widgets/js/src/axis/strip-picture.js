/** The picture of one axis: formula, messages, overview, lens, words. It decides nothing. */

import { text } from "../core/catalogue.js";
import { element, setAttribute } from "../page/dom.js";
import { term } from "../core/formula.js";
import { FormulaLine } from "../page/formula-lines.js";
import { alike } from "../core/geometry.js";
import { alertBox, legend } from "../page/sentence-lines.js";
import { lensPage, makeLens, unreadRuns } from "./strip-layout.js";
import { LensView } from "./strip-lens.js";
import { Overview } from "./strip-overview.js";
import { inputCaption, inputGoesInto, outputCaption, outputReads } from "./strip-words.js";
import { misfit } from "../core/words.js";

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 * @typedef {import("./strip-layout.js").Page} Page
 */

/** While the page is being laid out there may be less room than anyone can read in. */
const NARROWEST = 160;

export class StripPicture {
  constructor() {
    this.line = new FormulaLine("axis");
    const formula = element("div", "convviz-formula", this.line.el);
    this.messages = element("div", "convviz-messages");
    this.overview = new Overview();
    this.above = element("p", "convviz-lens-caption");
    this.lens = new LensView();
    this.below = element("p", "convviz-lens-caption");
    this.note = element("p", "convviz-note");
    this.note.setAttribute("role", "status");
    this.legend = element("p", "convviz-legend");
    this.enlarged = element("div", "convviz-enlarged", this.above, this.lens.el, this.below);
    const parts = [formula, this.messages, this.overview.el, this.enlarged, this.note, this.legend];
    this.el = element("div", "convviz-explorer convviz-axis-explorer", ...parts);
    this.el.setAttribute("role", "group");
    this.el.setAttribute("aria-label", text("axis_explorer"));
    this.width = 0;
    /** @type {Axis | undefined} */
    this.axis = undefined;
    /** @type {Page | undefined} */
    this.page = undefined;
  }

  /** Draw a new axis, if it is one. @param {Axis} axis */
  setAxis(axis) {
    if (this.axis && alike(axis, this.axis)) return;
    this.axis = axis;
    const unread = unreadRuns(axis);
    this.unread = new Set(unread.flatMap(([from, to]) => range(from, to)));
    this.line.draw(axis, term("O", "O"));
    this.messages.replaceChildren(...(axis.output ? [] : [alertBox([misfit(axis, "axis")])]));
    this.legend.replaceChildren(
      ...legend({
        kernel: axis.output > 0,
        padding: axis.before + axis.after > 0,
        unread: axis.output > 0 && unread.length > 0,
      }),
    );
    if (axis.output) this.el.dataset.outputSize = String(axis.output);
    else delete this.el.dataset.outputSize;
    this.#lay();
  }

  /** @param {number} width room for the picture, in CSS pixels */
  setWidth(width) {
    const drawn = width && Math.max(width, NARROWEST);
    if (drawn === this.width) return;
    this.width = drawn;
    this.#lay();
  }

  /**
   * Show one output, or the outputs of one input cell.
   *
   * @param {{output: number} | {input: number}} shown
   * @param {number} at the output that the lens stands at
   */
  show(shown, at) {
    const { axis, lensShape } = this;
    if (!axis || this.width === 0) return;
    if (!axis.output || !lensShape) {
      this.note.textContent = "";
      this.lens.clear();
      setAttribute(this.el, "data-focus", "none");
      return;
    }
    this.#turnTo(lensPage(axis, lensShape, at));
    if ("input" in shown) {
      this.lens.showInput(shown.input);
      this.overview.setWindow(null);
      this.overview.setReaders(shown.input);
    } else {
      this.lens.showOutput(shown.output);
      this.overview.setWindow(shown.output);
      this.overview.setReaders(null);
    }
    setAttribute(this.el, "data-focus", "input" in shown ? "input" : "output");
    const words = "input" in shown ? inputGoesInto(axis, shown.input) : outputReads(axis, shown.output);
    if (this.note.textContent !== words) this.note.textContent = words;
  }

  /** Everything that depends on the axis and on the room there is. */
  #lay() {
    const { axis, width } = this;
    if (!axis || width === 0) return;
    this.page = undefined;
    this.lensShape = axis.output ? makeLens(axis, width) : undefined;
    const whole = this.lensShape?.whole ?? false;
    this.enlarged.hidden = !axis.output;
    this.overview.el.toggleAttribute("hidden", whole);
    if (!whole) this.overview.setAxis(axis, width);
    this.above.textContent = whole ? inputCaption(axis) : "";
    const cut = this.lensShape?.cut ? text("axis_enlarged_ends") : "";
    this.below.textContent = whole ? outputCaption(axis) : cut;
  }

  /** @param {Page} page */
  #turnTo(page) {
    const { axis, lensShape, unread } = this;
    if (!axis || !lensShape || !unread) return;
    const [first, last] = [Number(page.places[0]), Number(page.places.at(-1))];
    if (this.page?.places[0] === first) return;
    this.page = page;
    this.lens.setPage(axis, lensShape, page, unread);
    if (!lensShape.whole) {
      this.overview.setField(first, last + 1, lensShape.count * lensShape.cell);
    }
  }
}

/** @param {number} from @param {number} to */
function range(from, to) {
  return Array.from({ length: to - from }, (_, k) => from + k);
}
