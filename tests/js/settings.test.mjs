import assert from "node:assert/strict";
import { test } from "node:test";

import { axesOf, makeScene } from "../../convviz/widgets/js/src/core/convolution.js";
import {
  PADDING_FORMS,
  formOf,
  fullPadding,
  isApart,
  knobsOf,
  paddingAs,
  possibleGroups,
  setApart,
} from "../../convviz/widgets/js/src/explorer/settings.js";
import { generator, randomLayer } from "./random.mjs";

const LAYER = {
  input: [zeros(5, 6)],
  weight: [[zeros(3, 2)]],
  bias: null,
  stride: 1,
  padding: 0,
  dilation: 1,
  groups: 1,
  padding_mode: "zeros",
};

function zeros(rows, columns) {
  return Array.from({ length: rows }, () => Array(columns).fill(0));
}

test("a slider keeps its number while its setting has another form", () => {
  const old = { _stride: 3, _dilation: 2, _padding: 4 };
  assert.deepEqual(knobsOf({ stride: [1, 2], padding: "same", dilation: [2, 2] }, false, old), old);
  assert.equal(knobsOf({ stride: 1, padding: 2, dilation: 1 }, true, old)._padding, 4);
  assert.deepEqual(knobsOf({ stride: 5, padding: 0, dilation: 1 }, false, old), { _stride: 5, _dilation: 1, _padding: 0 });
});

test("every form of padding is told from the others", () => {
  assert.equal(formOf(2, false), "number");
  assert.equal(formOf([2, 1], false), "pair");
  assert.equal(formOf([[2, 1], [0, 0]], false), "sides");
  assert.equal(formOf("valid", false), "valid");
  assert.equal(formOf("same", false), "same");
  assert.equal(formOf([2, 1], true), "full");
});

test("a padding written in another form has that form, and the same cells where it can", () => {
  const same = { ...LAYER, padding: "same", stride: 2 };
  for (const form of PADDING_FORMS) assert.equal(formOf(paddingAs(form, same), form === "full"), form);
  assert.deepEqual(paddingAs("sides", same), [[1, 1], [0, 0]]);
  assert.deepEqual(paddingAs("pair", { ...LAYER, padding: 2 }), [2, 2]);
  assert.deepEqual(paddingAs("number", { ...LAYER, padding: [2, 1] }), 2);
});

test("full padding lets the kernel begin and end with one cell on the input", () => {
  const { integer } = generator(3);
  for (let k = 0; k < 100; k++) {
    const layer = { ...randomLayer(generator(k)), dilation: [integer(1, 3), integer(1, 3)], stride: 1 };
    const { height, width } = axesOf({ ...layer, padding: fullPadding(layer) });
    for (const { before, after, span, output, input } of [height, width]) {
      assert.deepEqual([before, after], [span - 1, span - 1]);
      assert.equal(output, input + span - 1);
    }
  }
});

test("height and width come apart and together again", () => {
  const layer = { ...LAYER, stride: 2, padding: 1, dilation: 3 };
  const apart = setApart(true, layer);
  assert.deepEqual(apart, { stride: [2, 2], padding: [1, 1], dilation: [3, 3] });
  assert.deepEqual(makeScene({ ...layer, ...apart }).output, makeScene(layer).output);
  const back = setApart(false, { ...layer, stride: [2, 5], padding: [1, 0], dilation: [3, 1] });
  assert.deepEqual(back, { stride: 2, padding: 1, dilation: 3 });
  const sides = [[0, 1], [2, 3]];
  assert.deepEqual(setApart(false, { ...layer, padding: sides }).padding, sides);
});

test("a kernel that is not square is height and width apart", () => {
  assert.equal(isApart(LAYER), true);
  const square = { ...LAYER, weight: [[zeros(3, 3)]] };
  assert.equal(isApart(square), false);
  for (const other of [{ stride: [1, 1] }, { dilation: [1, 2] }, { padding: [0, 0] }]) {
    assert.equal(isApart({ ...square, ...other }), true);
  }
  assert.equal(isApart({ ...square, padding: [[0, 1], [0, 1]] }), false);
});

test("groups divide the channels on both sides", () => {
  const channels = (count) => Array.from({ length: count }, () => zeros(2, 2));
  const layer = { ...LAYER, input: channels(12), weight: Array.from({ length: 8 }, () => [zeros(1, 1)]) };
  assert.deepEqual(possibleGroups(layer), [1, 2, 4]);
});
