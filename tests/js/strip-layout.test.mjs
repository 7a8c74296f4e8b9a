import assert from "node:assert/strict";
import { test } from "node:test";

import { makeAxis, readCounts, readIndex } from "../../convviz/widgets/js/src/core/geometry.js";
import {
  lensPage,
  makeLens,
  overviewScale,
  ticks,
  unreadRuns,
  windowEdges,
} from "../../convviz/widgets/js/src/axis/strip-layout.js";
import { generator } from "./random.mjs";

const random = generator(224);

/** Axes of all sizes that have an output. */
function* axes(count) {
  const { integer } = random;
  while (count > 0) {
    const axis = makeAxis({
      input: integer(0, 1) ? integer(1, 30) : integer(1, 1024),
      kernel: integer(1, 16),
      stride: integer(1, 16),
      dilation: integer(0, 1) ? 1 : integer(1, 8),
      before: integer(0, 8),
      after: integer(0, 8),
    });
    if (!axis.output) continue;
    count--;
    yield axis;
  }
}

test("ticks are round, with the last index, and leave room for their labels", () => {
  assert.deepEqual(ticks(224, 3.7), [0, 50, 100, 150, 200, 223]);
  assert.deepEqual(ticks(224, 1.1), [0, 100, 223]);
  assert.deepEqual(ticks(56, 15), [0, 10, 20, 30, 40, 50, 55]);
  assert.deepEqual(ticks(3, 100), [0, 1, 2]);
  assert.deepEqual(ticks(1, 36), [0]);
  for (let n = 0; n < 300; n++) {
    const count = random.integer(1, 1024);
    const pixels = (random.integer(200, 1200) - 15) / count;
    const shown = ticks(count, pixels);
    assert.equal(shown.at(-1), count - 1);
    for (let k = 1; k < shown.length; k++) {
      const room = (shown[k] - shown[k - 1]) * pixels;
      assert.ok(room >= String(shown[k]).length * 6.5 + 8, `${count} at ${pixels}: ${shown}`);
    }
  }
});

test("runs of unread cells are the cells with a count of 0", () => {
  for (const axis of axes(200)) {
    const unread = new Set(unreadRuns(axis).flatMap(([a, b]) => [...Array(b - a).keys()].map((k) => a + k)));
    readCounts(axis).forEach((count, k) => assert.equal(unread.has(k), count === 0));
  }
  const axis = makeAxis({ input: 10, kernel: 2, stride: 4 });
  assert.deepEqual(unreadRuns(axis), [[2, 4], [6, 8]]);
});

test("the overview fits its width, the kernel that does not fit included", () => {
  for (const axis of axes(100)) {
    assert.ok(overviewScale(axis, 270) * axis.padded < 270);
  }
  const misfit = makeAxis({ input: 5, kernel: 100 });
  assert.ok(overviewScale(misfit, 270) * 100 < 270);
});

test("the lens shows every window in full, or both its ends, in cells that can be read", () => {
  for (const axis of axes(300)) {
    for (const width of [268, 600, 844, 1150]) {
      const lens = makeLens(axis, width);
      const about = `${JSON.stringify(axis)} at ${width}`;
      assert.ok(lens.cell >= 22 && lens.cell * lens.count <= width + 1e-6, about);
      assert.equal(lens.whole, lens.count === axis.padded);
      for (const i of [0, axis.output >> 1, axis.output - 1]) {
        const { places, outputs } = lensPage(axis, lens, i);
        assert.equal(places.length, lens.count, about);
        const first = readIndex(axis, i, 0) + axis.before;
        const last = readIndex(axis, i, axis.kernel - 1) + axis.before;
        assert.ok(places.includes(first) && places.includes(last), about);
        assert.equal(places.includes(null), lens.cut, about);
        assert.ok(places.every((k) => k === null || (k >= 0 && k < axis.padded)), about);
        for (let slot = 1; slot < places.length && !lens.cut; slot++) {
          assert.equal(places[slot], places[slot - 1] + 1, about);
        }
        const shown = outputs.find((output) => output.i === i);
        assert.ok(shown, about);
        for (const output of outputs) {
          const [left, right] = windowEdges(axis, lens, { places, outputs }, output.i);
          assert.ok(left >= -1e-6 && right <= lens.count * lens.cell + 1e-6, about);
          if (!lens.cut) assert.ok(Math.abs((left + right) / 2 - output.x) < 1e-6, about);
        }
      }
    }
  }
});

test("the lens stays where it is while the window steps along, and then moves on", () => {
  const axis = makeAxis({ input: 224, kernel: 4, stride: 4 });
  const lens = makeLens(axis, 844);
  assert.equal(lens.count, 28);
  const starts = Array.from({ length: axis.output }, (_, i) => lensPage(axis, lens, i).places[0]);
  assert.deepEqual(starts.slice(0, 12), [0, 0, 0, 0, 0, 16, 16, 16, 16, 16, 36, 36]);
  assert.equal(starts.at(-1), 224 - 28);
  // In the middle the windows one step away are in sight too.
  const { outputs } = lensPage(axis, lens, 20);
  assert.ok([19, 20, 21].every((i) => outputs.some((output) => output.i === i)));
});

test("few cells are all in the lens", () => {
  assert.ok(makeLens(makeAxis({ input: 5, kernel: 3, before: 1, after: 1 }), 268).whole);
  assert.ok(makeLens(makeAxis({ input: 24, kernel: 3 }), 844).whole);
  assert.ok(!makeLens(makeAxis({ input: 224, kernel: 11 }), 844).whole);
  const { outputs, places } = lensPage(
    makeAxis({ input: 4, kernel: 3, stride: 2, before: 1, after: 1 }),
    makeLens(makeAxis({ input: 4, kernel: 3, stride: 2, before: 1, after: 1 }), 844),
    1,
  );
  assert.deepEqual(places, [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(outputs, [{ i: 0, x: 54 }, { i: 1, x: 126 }]);
});
