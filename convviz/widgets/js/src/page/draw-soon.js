/** Drawing once a step, whatever number of traits the step sets: each of them is an event. */

/**
 * @template T
 * @param {(due: Set<T>) => void} draw is given what has changed, at the end of the step
 * @param {AbortSignal} signal ends it
 * @returns {(what: T) => void} says what has changed
 */
export function makeDrawSoon(draw, signal) {
  /** @type {Set<T>} */
  const due = new Set();
  const drawDue = () => {
    const now = new Set(due);
    due.clear();
    if (!signal.aborted) draw(now);
  };
  return (what) => {
    if (due.size === 0) queueMicrotask(drawDue);
    due.add(what);
  };
}
