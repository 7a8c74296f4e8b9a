import assert from "node:assert/strict";
import { test } from "node:test";

import { makeAxis, readIndex } from "../../convviz/widgets/js/src/core/geometry.js";
import {
  lensCell,
  middleOf,
  outputNear,
  overlayFrame,
  overlayScale,
  pairScale,
  pixelAt,
  placeOver,
  windowBox,
} from "../../convviz/widgets/js/src/image/image-layout.js";
import { generator, randomAxis } from "./random.mjs";

function axes(seed) {
  const random = generator(seed);
  return Array.from({ length: 200 }, () => makeAxis(randomAxis(random))).filter(({ output }) => output);
}

test("the output nearest to its own window's middle is itself", () => {
  for (const axis of axes(1)) {
    for (let i = 0; i < axis.output; i++) assert.equal(outputNear(axis, middleOf(axis, i)), i);
    assert.equal(outputNear(axis, -1000), 0);
    assert.equal(outputNear(axis, 1000), axis.output - 1);
  }
});

test("no other output's window is nearer", () => {
  for (const axis of axes(2)) {
    for (let r = -axis.before; r < axis.input + axis.after; r++) {
      const distances = Array.from({ length: axis.output }, (_, i) => Math.abs(middleOf(axis, i) - r));
      assert.equal(distances[outputNear(axis, r)], Math.min(...distances));
    }
  }
});

test("a window covers what the kernel reads; the result lies over the windows' middles", () => {
  const [height, width] = [
    makeAxis({ input: 9, kernel: 3, stride: 2, dilation: 2, before: 1, after: 0 }),
    makeAxis({ input: 12, kernel: 2, stride: 3, before: 0, after: 2 }),
  ];
  for (let i = 0; i < height.output; i++) {
    for (let j = 0; j < width.output; j++) {
      const box = windowBox(height, width, i, j);
      assert.deepEqual([box.top, box.left], [readIndex(height, i, 0), readIndex(width, j, 0)]);
      assert.equal(box.top + box.height - 1, readIndex(height, i, 2));
      assert.equal(box.left + box.width - 1, readIndex(width, j, 1));
      const over = placeOver(height, width);
      assert.equal(over.top + (i + 0.5) * height.stride, box.top + box.height / 2);
      assert.equal(over.left + (j + 0.5) * width.stride, box.left + box.width / 2);
    }
  }
});

test("before and after lie exactly over each other at stride 1 and same size", () => {
  const axis = makeAxis({ input: 20, kernel: 5, before: 2, after: 2 });
  assert.deepEqual(placeOver(axis, axis), { left: 0, top: 0, width: 20, height: 20 });
  assert.deepEqual(overlayFrame(axis, axis), { left: 0, top: 0, width: 20, height: 20 });
});

test("the frame holds both pictures, and the pictures fit the room", () => {
  const [rows, columns] = [axes(3), axes(4)];
  rows.slice(0, columns.length).forEach((height, k) => {
    const width = columns[k];
    const [frame, over] = [overlayFrame(height, width), placeOver(height, width)];
    for (const box of [over, { left: 0, top: 0, width: width.input, height: height.input }]) {
      assert.ok(box.left >= frame.left && box.left + box.width <= frame.left + frame.width);
      assert.ok(box.top >= frame.top && box.top + box.height <= frame.top + frame.height);
    }
    for (const room of [240, 519, 521, 1000]) {
      assert.ok(frame.width * overlayScale(room, frame) <= room + 1e-9);
      const wide = Math.max(width.input, width.output) * pairScale(room, height, width);
      assert.ok(wide <= (room < 520 ? room : room / 2));
    }
  });
});

test("a share of a picture is a pixel of it", () => {
  assert.deepEqual([-0.1, 0, 0.49, 0.5, 0.999, 1, 1.2].map((share) => pixelAt(share, 4)), [0, 0, 1, 2, 3, 3, 3]);
});

test("the enlarged window fits: three grids in a line, or one", () => {
  for (let columns = 1; columns <= 9; columns++) {
    for (const room of [270, 340, 700, 1000]) {
      const cell = lensCell(room, columns);
      assert.ok(cell >= 20 && cell <= 38);
      assert.ok(columns * cell <= room);
    }
  }
});
