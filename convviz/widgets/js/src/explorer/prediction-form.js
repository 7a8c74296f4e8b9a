/** A question put to the learner before the picture answers it: fields, two buttons, an answer. */

import { text } from "../core/catalogue.js";
import { element } from "../page/dom.js";
import { refuseLines } from "../page/native-controls.js";
import { answerTo, answerWords, completed, isAskable, questionWords } from "./predictions.js";

/**
 * @typedef {import("./predictions.js").Question} Question
 * @typedef {{el: HTMLElement, input: HTMLInputElement}} Field
 */

/** After so many wrong tries the way out is offered more plainly. */
const ENOUGH_TRIES = 2;

export class PredictionForm {
  /**
   * @param {{onDone: (how: "right" | "shown") => void}} on the question is answered: by the
   *   learner, or for the learner
   * @param {AbortSignal} signal removes every listener
   */
  constructor({ onDone }, signal) {
    this.onDone = onDone;
    this.words = element("p", "convviz-predict-question");
    this.hint = element("p", "convviz-predict-hint", text("predict_output_size_hint"));
    this.sizes = [numberField(text("height")), numberField(text("width"))];
    for (const { input } of this.sizes) {
      // A value may need a minus sign, which a telephone's numeric keys lack; a size does not.
      input.inputMode = "numeric";
      input.setAttribute("aria-description", text("predict_output_size_hint"));
    }
    this.value = numberField(text("predict_value"));
    this.check = button(text("predict_check"), "submit");
    this.show = button(text("predict_show"), "button");
    this.controls = element("div", "convviz-predict-controls");
    this.answer = element("p", "convviz-predict-answer");
    this.answer.setAttribute("role", "status");
    this.answer.tabIndex = -1;
    this.answer.dataset.lmSuppressShortcuts = "true";
    const form = /** @type {HTMLFormElement} */ (
      element("form", "convviz-predict", this.words, this.controls, this.hint, this.answer)
    );
    form.noValidate = true;
    this.el = form;
    /** @type {Question | null} */
    this.question = null;
    this.tries = 0;

    refuseLines(form, (_, field) => this.#refuseLines(field), { signal });
    form.addEventListener("submit", (event) => this.#check(event), { signal });
    form.addEventListener("input", (event) => mark(event.target, false), { signal });
    this.show.addEventListener("click", () => this.#show(), { signal });
  }

  /**
   * Ask anew: the setting has changed, or another cell is asked for. The focus stays where it is.
   *
   * @param {Question} question
   */
  ask(question) {
    const askable = isAskable(question);
    const words = questionWords(question);
    if (question.kind !== this.question?.kind) this.#layOut(question.kind);
    this.question = question;
    this.tries = 0;
    this.el.removeAttribute("data-tried");
    this.el.setAttribute("aria-label", words);
    this.words.textContent = words;
    this.controls.hidden = !askable;
    this.hint.hidden = !askable || question.kind !== "output_size";
    for (const el of [this.check, this.show]) el.hidden = false;
    for (const { input } of this.#fields()) {
      input.value = "";
      input.readOnly = false;
      mark(input, false);
    }
    this.#say("", null);
  }

  /** @param {Question["kind"]} kind */
  #layOut(kind) {
    const fields = kind === "output_size" ? this.sizes : [this.value];
    this.controls.replaceChildren(...fields.map(({ el }) => el), this.check, this.show);
  }

  #fields() {
    return this.question?.kind === "output_size" ? this.sizes : [this.value];
  }

  /** @param {Event} event */
  #check(event) {
    event.preventDefault();
    if (!this.question || this.check.hidden) return;
    const inputs = this.#fields().map(({ input }) => input);
    const typed = completed(this.question, inputs.map(({ value }) => value));
    const { right, words, counts, wrong } = answerTo(this.question, typed);
    inputs.forEach((input, k) => {
      input.value = typed[k];
      mark(input, wrong[k]);
    });
    this.#say(words, counts ? right : null);
    if (right) this.#finish("right");
    else if (counts) this.el.toggleAttribute("data-tried", ++this.tries >= ENOUGH_TRIES);
  }

  /** @param {HTMLInputElement} field */
  #refuseLines(field) {
    mark(field, true);
    this.#say(text(`predict_${this.question?.kind ?? "output_value"}_unreadable`), null);
  }

  #show() {
    if (!this.question) return;
    for (const { input } of this.#fields()) mark(input, false);
    this.#say(answerWords(this.question), null);
    this.#finish("shown");
  }

  /** @param {"right" | "shown"} how */
  #finish(how) {
    const buttons = [this.check, this.show];
    // A hidden button would let the focus fall out of the form, and keys into the notebook.
    if (buttons.some((el) => el.matches(":focus"))) this.answer.focus();
    for (const el of buttons) el.hidden = true;
    for (const { input } of this.#fields()) input.readOnly = true;
    this.hint.hidden = true;
    this.onDone(how);
  }

  /** @param {string} words @param {boolean | null} right null where nothing was judged */
  #say(words, right) {
    const sign = right === null ? [] : [signOf(right)];
    this.answer.replaceChildren(...sign, ...(words ? [words] : []));
  }
}

/** @param {boolean} right */
function signOf(right) {
  const sign = element("span", "convviz-predict-sign", right ? "✓" : "✗");
  sign.setAttribute("role", "img");
  sign.setAttribute("aria-label", text(right ? "predict_sign_right" : "predict_sign_wrong"));
  sign.dataset.right = String(right);
  return sign;
}

/** @param {string} name @returns {Field} */
function numberField(name) {
  const input = /** @type {HTMLInputElement} */ (element("input", ""));
  input.type = "text";
  input.autocomplete = "off";
  input.dataset.lmSuppressShortcuts = "true";
  return { el: element("label", "convviz-predict-field", name, input), input };
}

/** @param {string} name @param {"submit" | "button"} type */
function button(name, type) {
  const el = /** @type {HTMLButtonElement} */ (element("button", "convviz-predict-button", name));
  el.type = type;
  el.dataset.lmSuppressShortcuts = "true";
  return el;
}

/** @param {EventTarget | null} field @param {boolean} wrong */
function mark(field, wrong) {
  if (!(field instanceof HTMLInputElement)) return;
  if (wrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}
