/** A number edited in its place: a field over the cell, until it is taken or given up. */

import { text } from "../core/catalogue.js";
import { element } from "../page/dom.js";
import { keptFromNotebook, refuseLines } from "../page/native-controls.js";
import { exact, parseNumber, quoted } from "../core/numerals.js";

/** A number that the picture can show exactly, or null. @param {string} typed */
export function readNumber(typed) {
  const value = parseNumber(typed);
  return value !== null && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : null;
}

/** Why something typed was not taken. @param {string} typed */
export function refusal(typed) {
  const seen = quoted(typed);
  return seen ? text("not_a_number", { typed: seen }) : text("no_number");
}

/**
 * @param {HTMLElement} cell
 * @param {object} options
 * @param {string} [options.typed] what was typed already, in place of the present value
 * @param {(value: number) => void} options.take
 * @param {(words: string) => void} options.complain
 * @param {(to: "stay" | "next") => void} options.leave where to go from here
 */
export function editCell(cell, { typed, take, complain, leave }) {
  const field = /** @type {HTMLInputElement} */ (keptFromNotebook(element("input", "convviz-editor")));
  field.inputMode = "decimal";
  field.setAttribute("aria-label", text("edit_label", { row: String(cell.dataset.row), column: String(cell.dataset.col) }));
  field.value = typed ?? exact(Number(cell.dataset.value));
  let open = true;
  const { tabIndex } = cell;
  const close = () => {
    open = false;
    cell.tabIndex = tabIndex;
    field.remove();
  };
  const refuse = (/** @type {string} */ typed) => {
    field.setAttribute("aria-invalid", "true");
    complain(refusal(typed));
  };
  /** @param {"stay" | "next" | null} to null if the focus is elsewhere already */
  const finish = (to) => {
    if (!open) return;
    const value = readNumber(field.value);
    if (value === null) {
      refuse(field.value);
      if (to === null) close();
      return;
    }
    close();
    if (value !== Number(cell.dataset.value)) take(value);
    if (to) leave(to);
  };
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") finish("stay");
    else if (event.key === "Tab" && !event.shiftKey) finish("next");
    else if (event.key === "Escape") {
      close();
      leave("stay");
    } else return;
    event.preventDefault();
  });
  field.addEventListener("blur", () => finish(null));
  refuseLines(field, refuse);
  for (const name of ["click", "dblclick", "pointerdown"]) field.addEventListener(name, (event) => event.stopPropagation());
  // The field lies over the cell, and is what Tab stops at meanwhile.
  cell.tabIndex = -1;
  cell.append(field);
  field.focus();
  if (typed === undefined) field.select();
}
