import assert from "node:assert/strict";
import { test } from "node:test";

import { makeScene } from "../../convviz/widgets/js/src/core/convolution.js";
import { formulaSteps } from "../../convviz/widgets/js/src/core/formula.js";
import { makeAxis } from "../../convviz/widgets/js/src/core/geometry.js";
import { exact, hueOf, short, tiny } from "../../convviz/widgets/js/src/core/numerals.js";
import { goesInto, leftOver, problems, readsSentence } from "../../convviz/widgets/js/src/core/words.js";

const LAYER = {
  input: [[[1, 2, 3, 0], [2, 0, 1, 2], [0, 1, 2, 0], [0, 0, 3, 1]]],
  weight: [[[[1, 0, -1], [2, 0, 1], [0, 4, 0]]]],
  bias: null,
  stride: 1,
  padding: 0,
  dilation: 1,
  groups: 1,
  padding_mode: "zeros",
};

test("numbers fit a cell and keep a true minus sign", () => {
  assert.equal(short(-12), "−12");
  assert.equal(short(0.1 + 0.2), "0.3");
  assert.equal(short(-1234567), "−1.2e6");
  assert.equal(short(0.000123456), "1.2e−4");
  assert.equal(short(1234.5678), "1235");
  assert.equal(short(-3.14159), "−3.14");
  assert.equal(exact(-0.5), "−0.5");
});

test("a number in a cell has four characters and a sign at the most", () => {
  const shown = [-0.0757, 0.00812, 1.5, 9.996, 12.34, 99.96, -123.4, 12345.6, 0.5, 1 / 3, -2, 31000];
  const expected = ["−0.08", "8e−3", "1.5", "10", "12.3", "100", "−123", "1e4", "0.5", "0.33", "−2", "31000"];
  assert.deepEqual(shown.map(tiny), expected);
});

test("every weight of a kernel has a hue of its own", () => {
  const hues = Array.from({ length: 25 }, (_, k) => hueOf(k, 25));
  assert.equal(new Set(hues).size, 25);
});

test("the formula in symbols and in numbers", () => {
  const line = (settings, size = "W") =>
    formulaSteps(makeAxis(settings), { size, output: { text: "O" }, sides: ["left", "right"] })
      .map((tokens) => tokens.map(({ text, sub }) => text + (sub ? `_${sub}` : "")).join(""))
      .join(" ");
  assert.equal(
    line({ input: 4, kernel: 3, stride: 2, before: 1, after: 1 }),
    "O = ⌊(W + 2P − F) / S⌋ + 1 = ⌊(4 + 2·1 − 3) / 2⌋ + 1 = ⌊3 / 2⌋ + 1 = 2",
  );
  assert.equal(
    line({ input: 6, kernel: 3, stride: 2, dilation: 2, before: 0, after: 1 }, "H"),
    "O = ⌊(H + P_left + P_right − (D(F − 1) + 1)) / S⌋ + 1" +
      " = ⌊(6 + 0 + 1 − (2·(3 − 1) + 1)) / 2⌋ + 1 = ⌊2 / 2⌋ + 1 = 2",
  );
});

test("a kernel that does not fit is told by its numbers, with what would fit", () => {
  const [{ reason, remedies }] = problems(makeScene({ ...LAYER, dilation: 2 }));
  assert.match(reason, /with dilation 2 its 3 cells span 5, but the padded input has 4 \(0 \+ 4 \+ 0\)/);
  assert.deepEqual(remedies, [
    "kernel_size up to 2 would fit.",
    "dilation up to 1 would fit.",
    "padding of 1 or more on each side would fit.",
  ]);
  for (const padding of [1, [[1, 0], [0, 1]]]) {
    assert.deepEqual(problems(makeScene({ ...LAYER, dilation: 2, padding })), []);
  }
});

test("padding that a padding mode can't fill is told", () => {
  const [{ reason }] = problems(makeScene({ ...LAYER, padding: [[4, 0], [0, 0]], padding_mode: "reflect" }));
  assert.match(reason, /padding_mode reflect can add at most 3 rows/);
});

test("what is left over", () => {
  assert.equal(leftOver(makeAxis({ input: 4, kernel: 3 }), "axis"), "");
  assert.match(leftOver(makeAxis({ input: 5, kernel: 2, stride: 2 }), "width"), /Remainder 1: the last column/);
  assert.match(leftOver(makeAxis({ input: 8, kernel: 1, stride: 3 }), "height"), /4 rows that the kernel steps over/);
});

test("what an output reads and what an input goes into", () => {
  const scene = makeScene({ ...LAYER, stride: 2, padding: 1 });
  assert.equal(
    readsSentence(scene, 0, 1, 0),
    "Output row 1, column 0 reads input rows 1 to 3 and columns −1 to 1; 3 of these cells are padding.",
  );
  const cell = (row, col) => ({ grid: "input", channel: 0, row, col });
  assert.match(goesInto(scene, cell(1, 1), 0), /is 0\. It goes into 4 cells/);
  assert.match(goesInto(scene, cell(4, 4), 0), /No cell of output channel 0 reads it/);
});
