/** Mouse, touch and keyboard on the grids, turned into: this cell is pointed at, this one chosen. */

/**
 * @typedef {import("./highlight.js").Cell} Cell
 */

const STEPS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * @param {HTMLElement} root
 * @param {{point: (cell: Cell | null) => void, choose: (cell: Cell) => void,
 *   release: () => void}} on
 * @param {AbortSignal} signal removes every listener
 */
export function listen(root, { point, choose, release }, signal) {
  const options = { signal };
  root.addEventListener(
    "pointerover",
    (event) => {
      if (event.pointerType !== "touch") point(cellUnder(event.target));
    },
    options,
  );
  root.addEventListener("pointerleave", () => point(null), options);
  root.addEventListener(
    "click",
    (event) => {
      const cell = cellUnder(event.target);
      if (cell) choose(cell);
    },
    options,
  );
  root.addEventListener("focusin", (event) => point(cellUnder(event.target)), options);
  root.addEventListener("focusout", () => point(null), options);
  root.addEventListener(
    "keydown",
    (event) => {
      const cell = cellUnder(event.target);
      if (event.key === "Escape") release();
      else if (cell && (event.key === "Enter" || event.key === " ")) choose(cell);
      else if (cell && event.key in STEPS) move(root, cell, event.key);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    options,
  );
}

/** @param {EventTarget | null} target @returns {Cell | null} */
function cellUnder(target) {
  const el = target instanceof Element ? target.closest("[data-grid]") : null;
  if (!(el instanceof HTMLElement)) return null;
  const { grid, channel, row, col } = el.dataset;
  const kind = /** @type {Cell["grid"]} */ (grid);
  return { grid: kind, channel: Number(channel), row: Number(row), col: Number(col) };
}

/** @param {HTMLElement} root @param {Cell} from @param {string} key */
function move(root, { grid, channel, row, col }, key) {
  const [down, right] = STEPS[/** @type {keyof typeof STEPS} */ (key)];
  const selector = `[data-grid="${grid}"][data-channel="${channel}"]`;
  const next = root.querySelector(`${selector}[data-row="${row + down}"][data-col="${col + right}"]`);
  if (!(next instanceof HTMLElement)) return;
  const old = next.closest("[role='grid']")?.querySelector("[tabindex='0']");
  if (old instanceof HTMLElement) old.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
