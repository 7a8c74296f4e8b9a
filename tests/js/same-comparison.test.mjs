import assert from "node:assert/strict";
import { test } from "node:test";

import { compareSame, summary, torchSame } from "../../convviz/widgets/js/src/explorer/same-comparison.js";
import { generator, randomLayer } from "./random.mjs";

const random = generator(19);

/** A layer of one row and one channel, with the kernel and stride along it. */
const rowLayer = (cells, kernel, stride = 1) => ({
  input: [[cells]],
  weight: [[[kernel]]],
  bias: null,
  stride: [1, stride],
  padding: 0,
  dilation: 1,
  groups: 1,
  padding_mode: "zeros",
});

const isRefused = ({ stride, dilation }) => Math.max(...stride) > 1 && Math.max(...dilation) > 1;

test("6 cells, kernel 3, stride 2: (0, 1) against (1, 1), and other values", () => {
  const comparison = compareSame(rowLayer([1, 2, 3, 4, 5, 6], [1, 10, 100], 2));
  const { keras, torch, differing } = comparison;
  assert.deepEqual(keras.sides, [[0, 0], [0, 1]]);
  assert.deepEqual(torch.sides, [[0, 0], [1, 1]]);
  assert.deepEqual(torch.padding, [0, 1]);
  assert.deepEqual(keras.scene.output, [[[321, 543, 65]]]);
  assert.deepEqual(torch.scene.output, [[[210, 432, 654]]]);
  assert.deepEqual(differing, { keras: [[[true, true, true]]], torch: [[[true, true, true]]] });
  assert.equal(
    summary(comparison, 0),
    "Same size, but 3 of 3 values differ, since the kernel starts at another cell.",
  );
});

test("4 cells, kernel 2: 4 cells against 5", () => {
  const comparison = compareSame(rowLayer([1, 2, 2, 2], [1, 10]));
  assert.deepEqual(comparison.keras.scene.output, [[[21, 22, 22, 2]]]);
  assert.deepEqual(comparison.torch.scene.output, [[[10, 21, 22, 22, 2]]]);
  assert.deepEqual(comparison.differing, {
    keras: [[[true, true, false, true]]],
    torch: [[[true, true, false, true, true]]],
  });
  assert.equal(summary(comparison, 0), "The sizes differ: 1 x 4 against 1 x 5.");
});

test("with dilation PyTorch's side is dilation * (kernel_size // 2)", () => {
  const layer = { ...randomLayer(random), weight: random.array([1, 1, 4, 5]), groups: 1 };
  layer.input = layer.input.slice(0, 1);
  assert.deepEqual(compareSame({ ...layer, stride: 1, dilation: [3, 2] }).torch.padding, [6, 4]);
});

test("the kernel fits both sides, and the layer's own padding is set aside", () => {
  for (let k = 0; k < 200; k++) {
    const layer = { ...randomLayer(random), dilation: [random.integer(1, 9), random.integer(1, 9)] };
    const comparison = compareSame(layer);
    assert.ok(comparison.torch.scene.fits);
    assert.equal(comparison.keras.scene?.fits ?? true, true);
    assert.deepEqual(compareSame({ ...layer, padding: 0, padding_mode: "zeros" }), comparison);
  }
});

test("Keras refuses a stride with a dilation, and nothing is compared", () => {
  let refusals = 0;
  for (let k = 0; k < 100; k++) {
    const layer = randomLayer(random);
    const comparison = compareSame(layer);
    const { keras, differing } = comparison;
    assert.equal(keras.refused !== null, isRefused(layer));
    if (keras.refused === null) continue;
    refusals++;
    assert.deepEqual([keras.scene, keras.sides, differing], [null, null, null]);
    assert.match(keras.refused, /^Keras refuses strides > 1 together with dilation_rate > 1\./);
    assert.ok(keras.refused.includes(`strides=(${layer.stride.join(", ")})`));
    assert.ok(keras.refused.includes(`dilation_rate=(${layer.dilation.join(", ")})`));
    assert.equal(summary(comparison, 0), "There is nothing to compare: Keras refuses this layer.");
  }
  assert.ok(refusals > 20 && refusals < 80);
});

test("a cell differs if the other side has another number there, or none", () => {
  for (let k = 0; k < 60; k++) {
    const layer = randomLayer(random);
    if (isRefused(layer)) continue;
    const { keras, torch, differing } = compareSame(layer);
    const expected = (own, other) =>
      own.output.map((rows, c) => rows.map((row, i) => row.map((x, j) => other.output[c][i]?.[j] !== x)));
    assert.deepEqual(differing.keras, expected(keras.scene, torch.scene));
    assert.deepEqual(differing.torch, expected(torch.scene, keras.scene));
  }
});

test("an odd kernel at stride 1 gives the same numbers, whatever the dilation", () => {
  for (let k = 0; k < 40; k++) {
    const [kH, kW] = [1 + 2 * random.integer(0, 2), 1 + 2 * random.integer(0, 2)];
    const layer = {
      ...randomLayer(random),
      input: random.array([2, 4, 7]),
      weight: random.array([2, 1, kH, kW]),
      bias: null,
      groups: 2,
      stride: 1,
    };
    const comparison = compareSame(layer);
    assert.deepEqual(comparison.keras.sides, comparison.torch.sides);
    assert.equal(
      summary(comparison, 1),
      "The numbers are the same here: the kernel starts at the same cell.",
    );
  }
});

test("numbers that are apart by rounding alone do not differ", () => {
  assert.notEqual(0.2 + 0.3 + 0.1, 0.1 + 0.2 + 0.3);
  const { keras, torch, differing } = compareSame(
    rowLayer([0.7, 0.1, 0.2, 0.3, 0.1, 0.5], [1, 1, 1], 2),
  );
  assert.notEqual(keras.scene.output[0][0][1], torch.scene.output[0][0][1]);
  assert.deepEqual(differing.keras, [[[true, false, true]]]);
});

test("whole numbers are compared exactly, however large", () => {
  const large = 2 ** 51;
  const { differing } = compareSame(rowLayer([large, large + 1, large, large, large, large], [1, 0, 0], 3));
  // Keras reads cells 0 and 3, PyTorch cells -1 and 2.
  assert.deepEqual(differing.keras, [[[true, false]]]);
  const { differing: apart } = compareSame(
    rowLayer([large, 0, large + 1, large, 0, 0], [1, 0, 0], 3),
  );
  assert.deepEqual(apart.keras, [[[true, true]]]);
});

test("the sentence counts the values that differ", () => {
  const said = (...row) => summary(compareSame(rowLayer(...row)), 0);
  const end = "since the kernel starts at another cell.";
  assert.equal(said([5, 0, 0, 0, 0, 0], [0, 1, 0], 2), `Same size, but 1 of 3 values differs, ${end}`);
  assert.equal(said([5, 0, 0, 0, 0, 3], [0, 1, 0], 2), `Same size, but 2 of 3 values differ, ${end}`);
  assert.equal(said([5, 3], [0, 1, 0], 2), `Same size, but the only value differs, ${end}`);
  assert.equal(
    said([0, 0, 0, 0], [1, 2, 3], 2),
    "The numbers of this output channel are the same here, although the kernel starts at another cell.",
  );
});

test("PyTorch's own same is refused with a stride on either axis", () => {
  const layer = randomLayer(random);
  const refused = 'PyTorch has padding="same" too, but refuses it with stride > 1.';
  for (const stride of [2, [1, 2], [3, 1]]) assert.equal(torchSame({ ...layer, stride }), refused);
  for (const stride of [1, [1, 1]]) assert.match(torchSame({ ...layer, stride }), /At stride 1 it pads/);
});
