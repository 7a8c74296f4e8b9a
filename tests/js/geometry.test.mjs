import assert from "node:assert/strict";
import { test } from "node:test";

import {
  makeAxes,
  makeAxis,
  readCounts,
  readIndex,
  readersOf,
  sidesOf,
  sourceIndex,
} from "../../convviz/widgets/js/src/core/geometry.js";
import { generator, randomAxis } from "./random.mjs";

const random = generator(20261121);

/** Every (i, u) of an axis, by walking the kernel over the padded input step by step. */
function walk({ input, kernel, stride, dilation, before, after }) {
  const reads = [];
  for (let start = -before, i = 0; ; start += stride, i++) {
    const cells = Array.from({ length: kernel }, (_, u) => start + u * dilation);
    if (cells.at(-1) >= input + after) return reads;
    cells.forEach((r, u) => reads.push({ i, u, r }));
  }
}

test("output, readers and counts agree with a walk over the input", () => {
  for (let n = 0; n < 500; n++) {
    const settings = randomAxis(random);
    const axis = makeAxis(settings);
    const reads = walk(settings);
    assert.equal(axis.output, reads.length / settings.kernel, JSON.stringify(settings));
    for (const { i, u, r } of reads) assert.equal(readIndex(axis, i, u), r);
    const counts = readCounts(axis);
    for (let r = -axis.before; r < axis.input + axis.after; r++) {
      const expected = reads.filter((read) => read.r === r).map(({ i, u }) => ({ i, u }));
      const byOutput = (a, b) => a.i - b.i;
      assert.deepEqual(readersOf(axis, r).sort(byOutput), expected.sort(byOutput));
      assert.equal(counts[r + axis.before], expected.length);
    }
  }
});

test("the remainder counts the cells after the last window", () => {
  for (let n = 0; n < 200; n++) {
    const axis = makeAxis(randomAxis(random));
    if (axis.output === 0) continue;
    const last = readIndex(axis, axis.output - 1, axis.kernel - 1);
    assert.equal(axis.remainder, axis.input + axis.after - 1 - last);
  }
});

test("'same' makes ceil(input / stride) outputs and puts the odd cell at the end", () => {
  for (let n = 0; n < 200; n++) {
    const { input, kernel, stride, dilation } = randomAxis(random);
    const [before, after] = sidesOf("same", 0, { input, kernel, stride, dilation });
    assert.ok(after - before === 0 || after - before === 1);
    const { output } = makeAxis({ input, kernel, stride, dilation, before, after });
    assert.equal(output, Math.ceil(input / stride));
  }
});

test("every form of padding means the same on both axes", () => {
  const settings = { inputSize: [5, 8], kernelSize: [2, 3], stride: 1, dilation: 1 };
  const sides = (padding) => {
    const { height, width } = makeAxes({ ...settings, padding });
    return [height.before, height.after, width.before, width.after];
  };
  assert.deepEqual(sides(2), [2, 2, 2, 2]);
  assert.deepEqual(sides([1, 2]), [1, 1, 2, 2]);
  assert.deepEqual(sides([[0, 1], [2, 3]]), [0, 1, 2, 3]);
  assert.deepEqual(sides("valid"), [0, 0, 0, 0]);
  assert.deepEqual(sides("same"), [0, 1, 1, 1]);
});

test("padding modes", () => {
  const around = (mode) => [-2, -1, 0, 3, 4, 5].map((k) => sourceIndex(k, 4, mode));
  assert.deepEqual(around("zeros"), [-1, -1, 0, 3, -1, -1]);
  assert.deepEqual(around("reflect"), [2, 1, 0, 3, 2, 1]);
  assert.deepEqual(around("replicate"), [0, 0, 0, 3, 3, 3]);
  assert.deepEqual(around("circular"), [2, 3, 0, 3, 0, 1]);
});
