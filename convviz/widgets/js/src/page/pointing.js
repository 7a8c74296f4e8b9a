/**
 * Mouse, touch and keyboard on the grids and the formula, turned into: this is pointed at, this is
 * chosen, this number is to be edited.
 */

/**
 * @typedef {import("../core/highlight.js").Cell} Cell
 * @typedef {import("../explorer/terms.js").Term} Term
 *
 * @typedef {object} Hearer
 * @property {(target: Cell | Term | null) => void} point
 * @property {(target: Cell | Term) => void} choose
 * @property {(cell: Cell, typed?: string) => void} edit
 * @property {() => void} release
 */

const STEPS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The beginning of a number. */
const NUMERIC = /^[0-9.,\-−]$/;

/**
 * @param {HTMLElement} root
 * @param {Hearer} hearer
 * @param {AbortSignal} signal removes every listener
 */
export function listen(root, hearer, signal) {
  /** @param {string} name @param {(event: any) => void} listener */
  const on = (name, listener) => root.addEventListener(name, listener, { signal });
  on("pointerover", (/** @type {PointerEvent} */ event) => {
    if (event.pointerType !== "touch") hearer.point(targetUnder(event.target));
  });
  on("pointerleave", () => hearer.point(null));
  on("click", ({ target }) => {
    const chosen = targetUnder(target);
    if (chosen) hearer.choose(chosen);
  });
  on("dblclick", ({ target }) => {
    const cell = targetUnder(target);
    if (cell && "grid" in cell) hearer.edit(cell);
  });
  on("focusin", ({ target }) => hearer.point(targetUnder(target)));
  on("focusout", () => hearer.point(null));
  on("keydown", (event) => {
    if (!press(event, hearer)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** Whether a key meant something here. @param {KeyboardEvent} event @param {Hearer} hearer */
function press({ key, target, ctrlKey, metaKey, altKey }, hearer) {
  if (ctrlKey || metaKey || altKey) return false;
  const pointed = targetUnder(target);
  if (key === "Escape") hearer.release();
  else if (pointed && key in STEPS) move(/** @type {HTMLElement} */ (target), /** @type {keyof typeof STEPS} */ (key));
  else if (!pointed || !("grid" in pointed)) return false;
  else if (key === "Enter" || key === " ") hearer.choose(pointed);
  else if (key === "F2") hearer.edit(pointed);
  else if (NUMERIC.test(key)) hearer.edit(pointed, key);
  else return false;
  return true;
}

/** @param {EventTarget | null} from @returns {Cell | Term | null} */
function targetUnder(from) {
  const el = from instanceof Element ? from.closest("[data-grid], [data-term]") : null;
  if (!(el instanceof HTMLElement)) return null;
  const { grid, channel, row, col, term, axis, side = "" } = el.dataset;
  if (term) return /** @type {Term} */ ({ term, axis, side });
  const kind = /** @type {Cell["grid"]} */ (grid);
  return { grid: kind, channel: Number(channel), row: Number(row), col: Number(col) };
}

/** Move the focus to a neighbour: cell or term. @param {HTMLElement} from @param {keyof typeof STEPS} key */
function move(from, key) {
  const [down, right] = STEPS[key];
  if (from.dataset.term) {
    const terms = [...(from.closest(".convviz-formula-line")?.querySelectorAll("button") ?? [])];
    focusOne(terms[terms.indexOf(/** @type {HTMLButtonElement} */ (from)) + down + right], terms);
    return;
  }
  const row = from.dataset.row ?? 0;
  const col = from.dataset.col ?? 0;
  const next = `[data-row="${Number(row) + down}"][data-col="${Number(col) + right}"]`;
  const cell = from.closest("[role='grid']")?.querySelector(next);
  if (cell instanceof HTMLElement) cell.focus();
}

/** @param {HTMLElement | undefined} next @param {HTMLElement[]} all */
function focusOne(next, all) {
  if (!next || !next.textContent) return;
  for (const el of all) el.tabIndex = el === next ? 0 : -1;
  next.focus();
}
