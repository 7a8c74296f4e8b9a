/**
 * Draws the widgets of a page from the state that was saved in it.
 *
 * html-manager's own script for this is six times as large: it also has JupyterLab's renderers for
 * Output widgets, the widgets of ipywidgets 7, and a loader that asks another host for the rest.
 */

import "anywidget";
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import { Widget } from "@lumino/widgets";
import { makeAnywidget } from "./define.js";

// What a saved model can name; live_widgets.py looks that it names nothing else.
/** @type {Record<string, Record<string, any>>} */
const PACKAGES = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  anywidget: makeAnywidget(base),
};

/** Makes the models and their views; there is no kernel for them to talk to. */
class Manager extends ManagerBase {
  /**
   * @param {string} className
   * @param {string} packageName
   */
  async loadClass(className, packageName) {
    const found = PACKAGES[packageName]?.[className];
    if (!found) throw new Error(`the site has no ${className} of ${packageName}`);
    return found;
  }

  async _get_comm_info() {
    return {};
  }

  /** @returns {Promise<never>} */
  async _create_comm() {
    throw new Error("the site has no kernel");
  }
}

/** @type {Set<Element>} */
const drawn = new Set();

/**
 * Draw the view that a script of the page names, in front of it, unless that has been done.
 *
 * @param {Manager} manager
 * @param {Element} script
 */
async function draw(manager, script) {
  if (drawn.has(script)) return;
  drawn.add(script);
  const model = await manager.get_model(JSON.parse(script.innerHTML).model_id);
  const view = await manager.create_view(model);
  const place = document.createElement("div");
  place.className = "widget-subarea";
  script.before(place);
  Widget.attach(view.luminoWidget, place);
}

/**
 * Resolves when an element is on the screen, or less than half a screen away.
 *
 * @param {Element} element
 */
function whenNear(element) {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        resolve(null);
      },
      { rootMargin: "50%" },
    );
    observer.observe(element);
  });
}

const pause = (/** @type {number} */ milliseconds) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const findScripts = (/** @type {"state" | "view"} */ kind) =>
  document.querySelectorAll(`script[type="application/vnd.jupyter.widget-${kind}+json"]`);

const manager = new Manager();
for (const script of findScripts("state")) await manager.set_state(JSON.parse(script.innerHTML));

// The first can be used before the others are drawn: those that are near, then all, for whoever
// prints the page or looks for a word on it.
const [first, ...others] = findScripts("view");
if (first) await draw(manager, first);
for (const script of others) {
  whenNear(/** @type {Element} */ (script.parentElement)).then(() => draw(manager, script));
}
await pause(1000);
for (const script of others) {
  await draw(manager, script);
  await pause(50);
}
