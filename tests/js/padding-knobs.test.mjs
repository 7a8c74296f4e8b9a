import assert from "node:assert/strict";
import { test } from "node:test";

import { KNOBS, knobsOf, paddingAfter } from "../../convviz/widgets/js/src/core/padding-knobs.js";

const NONE = { _padding: 0, _padding_before: 0, _padding_after: 0, _padding_same: false };

test("knobs stand for the padding that they were read from", () => {
  assert.deepEqual(knobsOf(2, NONE), { ...NONE, _padding: 2, _padding_before: 2, _padding_after: 2 });
  assert.deepEqual(knobsOf("valid", NONE), NONE);
  assert.equal(paddingAfter("_padding", knobsOf(3, NONE)), 3);
  assert.equal(paddingAfter("_padding_same", knobsOf("same", NONE)), "same");
  assert.deepEqual(paddingAfter("_padding_after", knobsOf([1, 2], NONE)), [1, 2]);
});

test("the number comes back when same is switched off", () => {
  const two = knobsOf(2, NONE);
  const same = knobsOf("same", { ...two, _padding_same: true });
  assert.equal(paddingAfter("_padding_same", { ...same, _padding_same: false }), 2);
});

test("every knob is there", () => {
  assert.deepEqual(Object.keys(knobsOf([0, 1], NONE)).sort(), [...KNOBS].sort());
});
