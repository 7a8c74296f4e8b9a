/** Two buttons that save the picture as it stands, without a kernel. */

import { text } from "../core/catalogue.js";
import { svgToPng } from "../export/export-png.js";
import { pictureToSvg } from "../export/export.js";
import { element } from "../page/dom.js";
import { button } from "../page/native-controls.js";

/** A browser may still be reading a download for a while after it has begun. */
const KEPT_FOR = 10_000;

/** @typedef {"svg" | "png"} Format */

export class SavePanel {
  /**
   * @param {() => HTMLElement} getRoot the picture
   * @param {() => import("./save-words.js").Description} describe what it shows at present
   */
  constructor(getRoot, describe) {
    this.getRoot = getRoot;
    this.describe = describe;
    this.status = element("span", "convviz-save-status");
    this.status.setAttribute("role", "status");
    this.el = element(
      "div",
      "convviz-save",
      button(text("save_svg"), () => this.#save("svg")),
      button(text("save_png"), () => this.#save("png")),
      this.status,
    );
    this.el.dataset.notInPicture = "";
  }

  /** @param {Format} format */
  async #save(format) {
    this.status.textContent = "";
    try {
      const { name, ...words } = this.describe();
      const svg = pictureToSvg(this.getRoot(), words);
      const blob = format === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await svgToPng(svg);
      const file = `${name}.${format}`;
      download(blob, file);
      this.status.textContent = text("saved", { file });
    } catch (error) {
      console.warn(error);
      this.status.textContent = text(`save_failed_${format}`);
    }
  }
}

/** @param {Blob} blob @param {string} file its name */
function download(blob, file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_FOR);
}
