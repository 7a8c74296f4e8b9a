/** One row of buttons under the sliders: the walk, and what can be opened. */

import { text } from "../core/catalogue.js";
import { element, setAttribute } from "../page/dom.js";
import { Select, button } from "../page/native-controls.js";
import { PANELS } from "./session.js";

/**
 * @typedef {import("./session.js").Session} Session
 */

/** Panels that would tell what is to be predicted. */
export const TELLING = ["same", "code"];

/** How fast play goes: milliseconds for each position, and how many times as fast as usual. */
const SPEEDS = { 1400: "½", 700: "1", 350: "2", 175: "4" };

export class Toolbar {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    const { model } = session;
    this.speed = new Select(text("speed"), (interval) => session.change({ _interval: Number(interval) }));
    const walk = element(
      "span",
      "convviz-buttons",
      button("‹", () => session.step(-1), text("back")),
      button("›", () => session.step(1), text("forward")),
      this.speed.el,
      button(text("reset"), () => session.reset()),
    );
    this.heat = button(text("heat"), () => session.change({ heat_map: !model.get("heat_map") }));
    this.panels = PANELS.map((name) =>
      button(text(`panel_${name}`), () => session.change({ panel: model.get("panel") === name ? null : name })),
    );
    const [settings, values, ...others] = this.panels;
    this.el = element("div", "convviz-toolbar", walk, element("span", "convviz-buttons", settings, values, this.heat, ...others));
    this.el.setAttribute("role", "group");
    this.el.setAttribute("aria-label", text("toolbar"));
  }

  /** @param {boolean} veiled whether a prediction is asked for */
  draw(veiled) {
    const { model } = this.session;
    this.speed.draw(
      String(model.get("_interval")),
      Object.entries(SPEEDS).map(([interval, speed]) => [interval, text("speed_times", { speed })]),
    );
    setAttribute(this.heat, "aria-pressed", String(model.get("heat_map")));
    this.panels.forEach((el, k) => {
      el.disabled = veiled && TELLING.includes(PANELS[k]);
      setAttribute(el, "aria-expanded", String(model.get("panel") === PANELS[k] && !el.disabled));
    });
  }
}
