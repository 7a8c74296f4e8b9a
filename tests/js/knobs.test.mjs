import assert from "node:assert/strict";
import { test } from "node:test";

import { knobsOf, settingsAfter } from "../../convviz/widgets/js/src/knobs.js";

const PLAIN = { stride: 1, padding: 0, dilation: 1 };

/** Turn one knob, as a slider does, and return the settings and the knobs that follow. */
function turn(settings, knob, value) {
  const knobs = knobsOf(settings, knobsOf(PLAIN, {}));
  const turned = { ...settings, ...settingsAfter(knob, { ...knobs, [knob]: value }) };
  return { settings: turned, knobs: knobsOf(turned, knobs) };
}

test("one number moves both axes", () => {
  assert.equal(turn(PLAIN, "_stride", 3).settings.stride, 3);
  assert.equal(turn(PLAIN, "_padding", 2).settings.padding, 2);
  assert.equal(turn(PLAIN, "_dilation", 2).settings.dilation, 2);
});

test("a part moves alone", () => {
  const settings = { stride: [2, 1], padding: [[0, 1], [2, 3]], dilation: [1, 3] };
  assert.deepEqual(turn(settings, "_stride_width", 3).settings.stride, [2, 3]);
  assert.deepEqual(turn(settings, "_padding_left", 0).settings.padding, [[0, 1], [0, 3]]);
  assert.deepEqual(turn(settings, "_dilation_height", 2).settings.dilation, [2, 3]);
  assert.deepEqual(turn({ ...PLAIN, padding: [1, 2] }, "_padding_height", 0).settings.padding, [0, 2]);
});

test("turning a knob leaves no knob behind", () => {
  for (const [knob, value] of Object.entries({ _stride: 3, _padding_top: 2, _padding_same: true })) {
    const { knobs } = turn(PLAIN, knob, value);
    assert.equal(knobs[knob], value);
  }
});

test("'same' keeps the number, and comes back to it", () => {
  const { settings, knobs } = turn({ ...PLAIN, padding: 2 }, "_padding_same", true);
  assert.equal(settings.padding, "same");
  assert.equal(knobs._padding, 2);
  assert.deepEqual(settingsAfter("_padding_same", { ...knobs, _padding_same: false }), { padding: 2 });
});
