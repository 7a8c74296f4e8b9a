/** A picture in pixels. */

/**
 * @param {string} svg stand-alone, with a width and a height
 * @param {number} [scale] pixels for each unit of the SVG
 * @returns {Promise<Blob>} a PNG
 * @throws {Error} if the browser can't draw the SVG, or not at that size
 */
export async function svgToPng(svg, scale = 2) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no 2D canvas");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!(blob instanceof Blob)) throw new Error("no PNG of this size");
  return blob;
}
