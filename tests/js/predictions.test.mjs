import assert from "node:assert/strict";
import { test } from "node:test";

import { makeScene } from "../../convviz/widgets/js/src/core/convolution.js";
import { parseNumber } from "../../convviz/widgets/js/src/core/numerals.js";
import {
  answerTo,
  answerWords,
  checkOutputSize,
  checkOutputValue,
  completed,
  isAskable,
  questionWords,
} from "../../convviz/widgets/js/src/explorer/predictions.js";
import { generator, randomLayer } from "./random.mjs";

const LAYER = {
  input: [[[1, 2, 3, 0, 1], [2, 0, 1, 2, 1], [0, 1, 2, 0, 4], [0, 0, 3, 1, 0]]],
  weight: [[[[1, 0], [2, 0], [0, -4]]]],
  bias: [1],
  stride: [1, 2],
  padding: [[0, 1], [0, 0]],
  dilation: 1,
  groups: 1,
  padding_mode: "zeros",
};
const SQUARE = { ...LAYER, input: [[[1, 2], [3, 4]]], weight: [[[[1]]]], stride: 1, padding: 0 };

const about = (kind, changes = {}, shown = { c_out: 0, i: 1, j: 0 }) => ({
  kind,
  scene: makeScene({ ...LAYER, ...changes }),
  shown,
});

test("numbers as they are typed", () => {
  const read = {
    "3": 3,
    "-3": -3,
    "−3": -3,
    "− 3": -3,
    "+4": 4,
    " 12\t": 12,
    "0": 0,
    "007": 7,
    "2.5": 2.5,
    "2,5": 2.5,
    "0,125": 0.125,
    "12,3456": 12.3456,
    ".5": 0.5,
    "5.": 5,
    "8e−3": 0.008,
    "1.2E4": 12000,
    "１２": 12,
    "－３．５": -3.5,
    "\u30007": 7,
  };
  for (const [typed, number] of Object.entries(read)) assert.equal(parseNumber(typed), number, typed);
});

test("what is no number is null", () => {
  const typed = ["", " ", "abc", "1e999", "-1e999", "--3", "3 4", "1,000", "-12,345,678", "1.2.3", "1,2,3"];
  typed.push("0x10", "Infinity", "NaN", "3²", "½", "²", "1/2", "e3", ".", "-", ",", "<b>3</b>", "9".repeat(400));
  for (const text of typed) assert.equal(parseNumber(text), null, text);
});

test("a right size and a wrong one", () => {
  const { scene } = about("output_size");
  assert.deepEqual(checkOutputSize([3, 2], scene), { right: true, words: "(3, 2) is right." });
  const wrong = checkOutputSize([2, 2], scene);
  assert.equal(wrong.right, false);
  assert.match(wrong.words, /^\(2, 2\) counts the steps .* add 1\.$/);
  assert.match(checkOutputSize([2, 3], scene).words, /^\(2, 3\) has height and width swapped/);
  assert.match(checkOutputSize([3, 4], scene).words, /^\(3, 4\) leaves out the stride\.$/);
});

test("without an output 0 is right, where the kernel does not fit", () => {
  const { scene } = about("output_size", { padding: 0, dilation: [3, 1] });
  for (const size of [[0, 0], [0, 2], [0, 9]]) {
    assert.match(checkOutputSize(size, scene).words, /is right: the kernel does not fit/);
  }
  assert.equal(checkOutputSize([1, 2], scene).right, false);
  assert.equal(checkOutputSize([2, 0], scene).right, false);
  // The formula gives floor((4 - 7) / 1) + 1 = -2.
  assert.match(checkOutputSize([-2, 2], scene).words, /^\(−2, 2\) is what the formula gives\. Below 0/);
});

test("a value, by what is left out", () => {
  // Row 1, column 0: 2 * 1 + 0 * 2 + 0 * -4 + 1 = 3.
  const { scene, shown } = about("output_value");
  const said = (value) => checkOutputValue(value, scene, shown).words;
  assert.equal(said(3), "3 is right.");
  assert.match(said(2), /^2 leaves out the bias/);
  assert.match(said(-8 + 2 + 1), /^−5 turns the kernel by 180 degrees/);
  assert.match(said(1000), /^1000 is not it/);
  assert.match(said(3.001), /^3\.001 is not it/);
  const below = { c_out: 0, i: 2, j: 1 };
  assert.match(checkOutputValue(2 + 2 + 6 + 1, scene, below).words, /not it/);
  assert.match(checkOutputValue(1 + 0 - 0 + 1, scene, below).words, /leaves out the stride/);
});

test("where numbers are not whole, three digits will do", () => {
  const { scene } = about("output_value", { ...SQUARE, weight: [[[[1 / 3]]]] });
  const at = { c_out: 0, i: 0, j: 1 };
  assert.equal(checkOutputValue(1.67, scene, at).right, true);
  assert.equal(checkOutputValue(1.6, scene, at).right, false);
});

test("every right answer is right, and the answer shown says it", () => {
  const random = generator(7);
  for (let n = 0; n < 60; n++) {
    const scene = makeScene(randomLayer(random));
    const { height, width } = scene;
    assert.equal(checkOutputSize([height.output, width.output], scene).right, true);
    if (!scene.fits) continue;
    const shown = {
      c_out: random.integer(0, scene.output.length - 1),
      i: random.integer(0, height.output - 1),
      j: random.integer(0, width.output - 1),
    };
    const value = scene.output[shown.c_out][shown.i][shown.j];
    assert.equal(checkOutputValue(value, scene, shown).right, true);
    const cell = `output[${shown.c_out}, ${shown.i}, ${shown.j}]`;
    const said = answerWords({ kind: "output_value", scene, shown });
    assert.equal(said, `${cell} is ${String(value).replace("-", "−")}.`);
    assert.equal(questionWords({ kind: "output_value", scene, shown }), `What is ${cell}?`);
  }
});

test("the answer to a size, and to one that is not there", () => {
  assert.equal(answerWords(about("output_size")), "The output has height 3 and width 2.");
  assert.match(answerWords(about("output_size", { dilation: 9 })), /no output/);
});

test("there is not always something to predict", () => {
  assert.equal(isAskable(about("output_size", { dilation: 9 })), true);
  assert.equal(isAskable(about("output_value", { dilation: 9 })), false);
  const unfillable = { padding: [[4, 0], [0, 0]], padding_mode: "reflect" };
  for (const kind of ["output_size", "output_value"]) {
    assert.equal(isAskable(about(kind, unfillable)), false);
    assert.match(questionWords(about(kind, unfillable)), /no output, so there is no number/);
  }
});

test("what is not a prediction is answered, and is no try", () => {
  const size = (...typed) => answerTo(about("output_size"), typed);
  for (const typed of [["", ""], ["3", ""], ["3", "abc"], ["3.5", "2"], ["1e999", "2"]]) {
    const { counts, right, words } = size(...typed);
    assert.deepEqual([counts, right], [false, false], typed);
    assert.notEqual(words, "");
  }
  assert.match(size("", " ").words, /Write a height and a width/);
  assert.match(size("3", "").words, /Write both/);
  assert.deepEqual(size("3", "").wrong, [false, true]);
  assert.match(size("3.5", "").words, /whole number/);
  assert.deepEqual(size("3.5", "").wrong, [true, false]);
  const value = (typed) => answerTo(about("output_value"), [typed]);
  assert.match(value("").words, /Write a number first/);
  assert.match(value("<i>").words, /cannot be read/);
  assert.deepEqual([value("3").right, value("3").counts, value("3").wrong], [true, true, [false]]);
  assert.deepEqual([value("2").right, value("2").counts, value("2").wrong], [false, true, [true]]);
});

test("of two sizes the wrong one is marked", () => {
  const wrong = (...typed) => answerTo(about("output_size"), typed).wrong;
  assert.deepEqual(wrong("3", "2"), [false, false]);
  assert.deepEqual(wrong("4", "2"), [true, false]);
  assert.deepEqual(wrong("3", "4"), [false, true]);
  const noOutput = about("output_size", { padding: 0, dilation: [3, 1] });
  assert.deepEqual(answerTo(noOutput, ["0", "0"]).wrong, [false, false]);
});

test("one number will do for both only where height and width are alike", () => {
  const square = about("output_size", SQUARE);
  assert.deepEqual(completed(square, ["2", ""]), ["2", "2"]);
  assert.deepEqual(completed(square, ["", "abc"]), ["", "abc"]);
  assert.deepEqual(completed(square, ["2", "3"]), ["2", "3"]);
  assert.deepEqual(completed(about("output_size"), ["2", ""]), ["2", ""]);
  assert.deepEqual(completed(about("output_value"), [""]), [""]);
});
