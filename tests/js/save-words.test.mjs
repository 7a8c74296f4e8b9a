import assert from "node:assert/strict";
import { test } from "node:test";

import { makeScene } from "../../convviz/widgets/js/src/core/convolution.js";
import { describePicture } from "../../convviz/widgets/js/src/explorer/save-words.js";

const zeros = (/** @type {number[]} */ [first, ...rest]) =>
  Array.from({ length: first }, () => (rest.length ? zeros(rest) : 0));

/** @param {object} [settings] @param {boolean} [veiled] */
function describe(settings = {}, veiled = false) {
  const layer = {
    input: zeros([4, 6, 7]),
    weight: zeros([6, 4, 3, 2]),
    bias: null,
    stride: 1,
    padding: 0,
    dilation: 1,
    groups: 1,
    padding_mode: "zeros",
    ...settings,
  };
  return describePicture(makeScene(/** @type {any} */ (layer)), veiled);
}

test("a file is named by the sizes, the stride, and what is not as usual", () => {
  assert.equal(describe().name, "convolution-6x7-kernel-3x2-stride-1");
  assert.equal(describe({ stride: [2, 3], padding: 1 }).name, "convolution-6x7-kernel-3x2-stride-2x3-padding-1");
  assert.equal(
    describe({ padding: [1, 2], dilation: [2, 1], padding_mode: "reflect" }).name,
    "convolution-6x7-kernel-3x2-stride-1-padding-1x2-dilation-2x1-mode-reflect",
  );
  assert.equal(
    describe({ padding: [[1, 0], [0, 2]], weight: zeros([6, 2, 3, 2]), groups: 2 }).name,
    "convolution-6x7-kernel-3x2-stride-1-padding-1-0-0-2-groups-2",
  );
});

test("a name is fit for every file system, whatever the setting", () => {
  for (const padding of [0, [3, 1], [[1, 2], [0, 4]], "same", "valid"]) {
    assert.match(describe({ padding, dilation: [1, 2] }).name, /^[a-z0-9-]+$/);
  }
});

test("the description tells the setting and the output's shape", () => {
  const { title, description } = describe({ stride: [2, 1], padding: [[1, 0], [0, 2]] });
  assert.equal(title, "A convolution: 6 x 7 input, 3 x 2 kernel");
  assert.match(description, /shape \(4, 6, 7\), weight of shape \(6, 4, 3, 2\), stride \(2, 1\)/);
  assert.match(description, /padding \(\(1, 0\), \(0, 2\)\)/);
  assert.match(description, /the output has shape \(6, 3, 8\)\.$/);
});

test("it says so where there is no output, and does not tell what is to be found out", () => {
  assert.match(describe({ dilation: 4 }).description, /has no output\.$/);
  assert.match(describe({ padding: 7, padding_mode: "reflect" }).description, /has no output\.$/);
  for (const settings of [{}, { dilation: 4 }]) assert.doesNotMatch(describe(settings, true).description, /output/);
});
