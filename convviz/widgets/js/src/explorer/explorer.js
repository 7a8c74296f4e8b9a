/** The explorer's entry: one session for a widget, one view for every place that shows it. */

import { ExplorerView } from "./explorer-view.js";
import { Session } from "./session.js";

/**
 * anywidget calls this once for a widget; `initialize` runs once too, `render` for each view.
 *
 * @typedef {import("./session.js").Model} Model
 */
export default function explorer() {
  /** @type {Session} */
  let session;
  return {
    /** @param {{model: Model}} context */
    initialize({ model }) {
      session = new Session(model);
    },
    /** @param {{model: Model, el: HTMLElement, signal: AbortSignal}} context */
    render({ model, el, signal }) {
      new ExplorerView(session, model, el, signal);
    },
  };
}
