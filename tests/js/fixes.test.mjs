import assert from "node:assert/strict";
import { test } from "node:test";

import { makeScene } from "../../convviz/widgets/js/src/core/convolution.js";
import { fixes } from "../../convviz/widgets/js/src/explorer/fixes.js";
import { generator, randomLayer } from "./random.mjs";

function apply(layer, { settings, kernelSize }) {
  const { array } = generator(1);
  const [filters, channels] = [layer.weight.length, layer.weight[0].length];
  const weight = kernelSize ? array([filters, channels, ...kernelSize]) : layer.weight;
  return { ...layer, ...settings, weight };
}

function broken(seed) {
  const random = generator(seed);
  const layer = randomLayer(random);
  const { integer, array } = random;
  return {
    ...layer,
    weight: array([layer.weight.length, layer.weight[0].length, integer(1, 7), integer(1, 8)]),
    padding: [0, integer(0, 9), [integer(0, 9), 1], layer.padding, "same", "valid"][integer(0, 5)],
    dilation: [integer(1, 5), layer.dilation][integer(0, 1)],
  };
}

test("every setting without an output is offered settings with one", () => {
  let count = 0;
  for (let seed = 0; seed < 2000; seed++) {
    const layer = broken(seed);
    if (makeScene(layer).fits) continue;
    count += 1;
    const found = fixes(layer);
    assert.ok(found.length > 0, JSON.stringify({ ...layer, input: null, weight: null }));
    for (const fix of found) assert.ok(makeScene(apply(layer, fix)).fits, fix.label);
  }
  assert.ok(count > 300);
});

const grid = (rows, columns) => Array.from({ length: rows }, () => Array(columns).fill(1));
const layer = (changes) => ({
  input: [grid(4, 6)],
  weight: [[grid(3, 3)]],
  bias: null,
  stride: 1,
  padding: 0,
  dilation: 1,
  groups: 1,
  padding_mode: "zeros",
  ...changes,
});

test("the nearest ones, each in one argument", () => {
  const labels = (changes) => fixes(layer(changes)).map(({ label }) => label);
  assert.deepEqual(labels({ dilation: 2 }), ["padding=1", "dilation=1", "kernel_size=(2, 3)"]);
  assert.deepEqual(labels({ dilation: [4, 1] }), ["padding=3", "dilation=(1, 1)", "kernel_size=(1, 3)"]);
  assert.deepEqual(labels({ weight: [[grid(5, 3)]] }), ["padding=1", "kernel_size=(4, 3)"]);
  assert.deepEqual(labels({ weight: [[grid(5, 3)]], padding: [0, 1] }), ["padding=(1, 1)", "kernel_size=(4, 3)"]);
  assert.deepEqual(labels({ weight: [[grid(5, 3)]], padding: [[0, 0], [1, 0]] }), [
    "padding=((1, 1), (1, 0))",
    "kernel_size=(4, 3)",
  ]);
});

test("one side apart is widened by no more than is missing", () => {
  const found = fixes(layer({ weight: [[grid(6, 3)]], padding: [[0, 1], [0, 0]] }));
  assert.equal(found[0].label, "padding=((0, 2), (0, 0))");
});

test("padding that a mode can't fill is cut, or filled with zeros", () => {
  const labels = (changes) => fixes(layer(changes)).map(({ label }) => label);
  assert.deepEqual(labels({ padding: 4, padding_mode: "reflect" }), ["padding=3", 'padding_mode="zeros"']);
  assert.deepEqual(labels({ padding: [5, 2], padding_mode: "circular" }), ["padding=(4, 2)", 'padding_mode="zeros"']);
});
