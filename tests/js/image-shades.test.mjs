import assert from "node:assert/strict";
import { test } from "node:test";

import { paint, paintPhoto, shade, SHOWS, suitedShow } from "../../convviz/widgets/js/src/image/image-shades.js";

test("results become brightness as the words say", () => {
  const results = [-300, -128.4, -1, 0, 0.4, 100, 127.6, 255, 256];
  const shades = Object.fromEntries(SHOWS.map((show) => [show, results.map((r) => shade(r, show))]));
  assert.deepEqual(shades, {
    clip: [0, 0, 0, 0, 0, 100, 128, 255, 255],
    grey: [0, 0, 127, 128, 128, 228, 255, 255, 255],
    magnitude: [255, 128, 1, 0, 0, 100, 128, 255, 255],
  });
});

test("what is cut off is counted, and one pixel is painted as it is told", () => {
  const output = Float64Array.of(-1, 20, 300, 255.5, -0.25, 0);
  const grey = paint(output, 1, "clip");
  assert.deepEqual([grey.count, grey.below, grey.above], [6, 2, 2]);
  const colour = paint(output, 3, "clip");
  assert.deepEqual([...colour.rgba], [0, 255, 0, 255, 20, 255, 0, 255]);
  assert.deepEqual([colour.count, colour.below, colour.above], [6, 2, 2]);
  for (const show of SHOWS) {
    const { rgba } = paint(output, 1, show);
    output.forEach((result, k) => {
      const level = shade(result, show);
      assert.deepEqual([...rgba.slice(4 * k, 4 * k + 4)], [level, level, level, 255]);
    });
  }
});

test("the picture before is painted as it came", () => {
  const colours = { height: 1, width: 2, channels: 3, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  assert.deepEqual([...paintPhoto(colours)], [1, 2, 3, 255, 4, 5, 6, 255]);
  const grey = { height: 2, width: 1, channels: 1, pixels: Uint8Array.of(9, 8) };
  assert.deepEqual([...paintPhoto(grey)], [9, 9, 9, 255, 8, 8, 8, 255]);
});

test("weights that cancel are shown around grey", () => {
  assert.equal(suitedShow([[-1, 0, 1]]), "grey");
  assert.equal(suitedShow([[0, 1], [1, -4], [1, 1]]), "grey");
  assert.equal(suitedShow([[0, 1], [1, -4], [1, 2]]), "clip");
});
