/** The formula of the output size on the page: every term a button that shows what it speaks of. */

import { text } from "../core/catalogue.js";
import { element, setAttribute } from "./dom.js";
import { formulaSteps, term } from "../core/formula.js";
import { alike } from "../core/geometry.js";
import { leftOver } from "../core/words.js";

/**
 * @typedef {import("../core/geometry.js").Axis} Axis
 * @typedef {import("../core/formula.js").Token} Token
 * @typedef {"axis" | "both" | "height" | "width"} AxisName "axis" where there is only one
 */

/** Steps that tell nothing of the output size: the symbols, and the numbers put in. */
const GIVEN = 2;

/** One line if height and width are alike, else one for each. */
export class FormulaLines {
  constructor() {
    this.el = element("div", "convviz-formula");
    this.lines = {
      both: new FormulaLine("both", termButton),
      height: new FormulaLine("height", termButton),
      width: new FormulaLine("width", termButton),
    };
  }

  /** @param {{height: Axis, width: Axis}} axes @param {boolean} veiled whether the result stays hidden */
  draw({ height, width }, veiled) {
    const { lines } = this;
    if (alike(height, width)) {
      lines.both.draw(width, term("O", "O"), veiled);
      this.#show(lines.both);
      return;
    }
    lines.height.draw(height, term("O", "O", "H"), veiled);
    lines.width.draw(width, term("O", "O", "W"), veiled);
    this.#show(lines.height, lines.width);
  }

  /** @param {...FormulaLine} lines */
  #show(...lines) {
    const shown = [...this.el.children];
    const wanted = lines.map(({ el }) => el);
    if (shown.length !== wanted.length || shown.some((el, k) => el !== wanted[k])) this.el.replaceChildren(...wanted);
  }
}

export class FormulaLine {
  /**
   * @param {AxisName} axis
   * @param {(name: string, axis: AxisName) => HTMLElement} makeTerm
   */
  constructor(axis, makeTerm = plainTerm) {
    this.axis = axis;
    this.makeTerm = makeTerm;
    this.el = element("p", "convviz-formula-line");
    this.el.setAttribute("role", "group");
    this.remark = makeTerm("R", axis);
    this.remark.classList.add("convviz-remark");
    this.structure = "";
    /** @type {Node[]} the text of every token, in order */
    this.texts = [];
  }

  /** @param {Axis} axis @param {Token} output @param {boolean} veiled */
  draw(axis, output, veiled = false) {
    /** @type {[string, string]} */
    const sides = this.axis === "height" ? [text("top"), text("bottom")] : [text("left"), text("right")];
    const all = formulaSteps(axis, { size: this.axis === "height" ? "H" : "W", output, sides });
    const steps = veiled ? all.slice(0, GIVEN) : all;
    const structure = steps.map((tokens) => tokens.map((t) => `${t.term ?? ""}${t.sub ?? ""}`).join()).join(";");
    if (structure !== this.structure) this.#build(steps, structure);
    steps.flat().forEach(({ text: wanted }, k) => setText(this.texts[k], wanted));
    setText(this.remark, veiled ? "" : leftOver(axis, this.axis));
    setAttribute(this.el, "aria-label", steps.map((tokens) => tokens.map((t) => t.text).join("")).join(" "));
  }

  /** @param {Token[][]} steps @param {string} structure */
  #build(steps, structure) {
    this.structure = structure;
    this.texts = [];
    const spans = steps.map((tokens) => element("span", "convviz-step", ...this.#tokens(tokens)));
    this.el.replaceChildren(...spans, this.remark);
    this.el.querySelector("button")?.setAttribute("tabindex", "0");
  }

  /** @param {Token[]} tokens */
  #tokens(tokens) {
    const paddings = tokens.filter(({ term }) => term === "P");
    return tokens.map((token) => {
      const node = new Text(token.text);
      this.texts.push(node);
      if (!token.term) return element("span", "", node);
      const el = this.makeTerm(token.term, this.axis);
      el.append(node);
      if (/\d/.test(token.text)) el.classList.add("convviz-number");
      if (token.sub) el.append(element("sub", "", token.sub));
      if (paddings.length > 1 && token.term === "P") el.dataset.side = token === paddings[0] ? "before" : "after";
      return el;
    });
  }
}

/** @param {string} name */
function plainTerm(name) {
  const el = element(name === "R" ? "span" : "var", "convviz-symbol");
  el.dataset.term = name;
  return el;
}

/** @param {string} name @param {AxisName} axis */
function termButton(name, axis) {
  const el = element("button", "convviz-symbol");
  Object.assign(el.dataset, { term: name, axis, lmSuppressShortcuts: "true" });
  el.tabIndex = -1;
  el.setAttribute("type", "button");
  if (name !== "R") el.title = text(`term_name_${name}`);
  return el;
}

/** @param {Node} node @param {string} wanted */
function setText(node, wanted) {
  if (node.textContent !== wanted) node.textContent = wanted;
}
