import assert from "node:assert/strict";
import { test } from "node:test";

import { isBeginning, isDivisor, isWeight, reach } from "../../convviz/widgets/js/src/image/image-numbers.js";

test("half a number is not complained of", () => {
  for (const typed of ["", " ", "-", "+", "−", ".", "-.", "1e", "2.5e-"]) assert.ok(isBeginning(typed), typed);
  for (const typed of ["a", "--", "1a", "1/9", "e"]) assert.ok(!isBeginning(typed), typed);
});

test("what may be a weight, what a divisor", () => {
  assert.deepEqual([null, -10000, 0.5, 10000.5].map(isWeight), [false, true, true, false]);
  assert.deepEqual([null, 0, 1, 2.5, 10000, 10001].map(isDivisor), [false, false, true, false, true, false]);
});

test("the slider reaches the weight, in whole steps where all weights are whole", () => {
  assert.deepEqual(reach([[1, -2]], -2), { most: 10, step: 1 });
  assert.deepEqual(reach([[1, 25]], 25), { most: 25, step: 1 });
  assert.deepEqual(reach([[0.5, 1]], 1), { most: 1, step: 0.01 });
  assert.deepEqual(reach([[0.5, -2.25]], -2.25), { most: 3, step: 0.01 });
});
