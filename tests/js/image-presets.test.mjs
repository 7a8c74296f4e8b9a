import assert from "node:assert/strict";
import { test } from "node:test";

import { text } from "../../convviz/widgets/js/src/core/catalogue.js";
import { findPreset, presets } from "../../convviz/widgets/js/src/core/presets.js";

test("every preset is 3 x 3 whole numbers, has words, and is found again", () => {
  for (const preset of presets) {
    assert.deepEqual(preset.kernel.map((weights) => weights.length), [3, 3, 3]);
    assert.ok(preset.kernel.flat().every(Number.isInteger));
    assert.ok(text(preset.name));
    assert.equal(findPreset(structuredClone(preset.kernel), preset.divisor), preset);
    assert.equal(findPreset(preset.kernel, preset.divisor + 1), undefined);
  }
  assert.equal(new Set(presets.map(({ name }) => name)).size, presets.length);
});

test("a blur keeps an even surface as it is, an edge kernel makes 0 of it", () => {
  const sums = presets.map(({ name, kernel, divisor }) => [
    name.replace("preset_", ""),
    kernel.flat().reduce((a, b) => a + b) / divisor,
  ]);
  assert.deepEqual(Object.fromEntries(sums), {
    identity: 1,
    box_blur: 1,
    gaussian_blur: 1,
    sharpen: 1,
    horizontal_edges: 0,
    vertical_edges: 0,
    all_edges: 0,
    emboss: 1,
  });
});
