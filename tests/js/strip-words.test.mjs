import assert from "node:assert/strict";
import { test } from "node:test";

import { makeAxis } from "../../convviz/widgets/js/src/core/geometry.js";
import {
  inputCaption,
  inputGoesInto,
  outputCaption,
  outputReads,
} from "../../convviz/widgets/js/src/axis/strip-words.js";

const large = makeAxis({ input: 224, kernel: 11, stride: 4 });
const padded = makeAxis({ input: 5, kernel: 3, dilation: 2, before: 1, after: 2 });

test("what an output reads", () => {
  assert.equal(outputReads(large, 3), "Output 3 reads input cells 12 to 22.");
  assert.equal(outputReads(padded, 0), "Output 0 reads cells −1, 1, 3; 1 of these is padding.");
  assert.equal(outputReads(padded, 2), "Output 2 reads cells 1, 3, 5; 1 of these is padding.");
  const two = makeAxis({ input: 2, kernel: 3, before: 2, after: 0 });
  assert.equal(outputReads(two, 0), "Output 0 reads cells −2 to 0; 2 of these are padding.");
  const one = makeAxis({ input: 2, kernel: 1, before: 1, after: 0 });
  assert.equal(outputReads(one, 0), "Output 0 reads cell −1, which is padding.");
  assert.equal(outputReads(one, 1), "Output 1 reads input cell 0.");
});

test("which outputs an input cell goes into", () => {
  assert.equal(inputGoesInto(large, 22), "Input cell 22 goes into 3 outputs: 3 to 5.");
  assert.equal(inputGoesInto(large, 0), "Input cell 0 goes into 1 output: 0.");
  assert.equal(inputGoesInto(large, 223), "No output reads input cell 223.");
  assert.equal(inputGoesInto(padded, 3), "Input cell 3 goes into 2 outputs: 0, 2.");
  assert.equal(inputGoesInto(padded, -1), "Cell −1, which is padding, goes into 1 output: 0.");
  assert.equal(
    inputGoesInto(makeAxis({ input: 4, kernel: 1, stride: 2, before: 1, after: 0 }), 4 - 1),
    "Input cell 3 goes into 1 output: 2.",
  );
  const skipped = makeAxis({ input: 2, kernel: 1, stride: 4, after: 2 });
  assert.equal(inputGoesInto(skipped, 2), "No output reads cell 2, which is padding.");
});

test("captions", () => {
  assert.equal(inputCaption(large), "input: 224 cells");
  assert.equal(inputCaption(padded), "padded input: 1 + 5 + 2 cells");
  assert.equal(inputCaption(makeAxis({ input: 1, kernel: 1 })), "input: 1 cell");
  assert.equal(outputCaption(large), "output: 54 cells");
  assert.equal(outputCaption(makeAxis({ input: 3, kernel: 3 })), "output: 1 cell");
});
