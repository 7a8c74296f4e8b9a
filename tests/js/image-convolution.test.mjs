import assert from "node:assert/strict";
import { test } from "node:test";

import { filterPhoto, isInside, takeApart } from "../../convviz/widgets/js/src/image/image-convolution.js";
import { generator } from "./random.mjs";

function randomCase({ integer, array }) {
  const [height, width, channels] = [integer(3, 12), integer(3, 12), [1, 3][integer(0, 1)]];
  const pixels = Uint8Array.from(array([height * width * channels], 0, 255));
  return {
    photo: { height, width, channels, pixels },
    filter: {
      kernel: array([integer(1, 4), integer(1, 5)]),
      divisor: integer(1, 3),
      stride: integer(1, 4),
      dilation: integer(1, 3),
      padding: ["valid", "same", integer(0, 3), [[0, integer(0, 2)], [integer(0, 3), 1]]][integer(0, 3)],
    },
  };
}

/** Output (c, i, j) as the definition has it. */
function byDefinition({ photo, filter, height, width }, c, i, j) {
  let sum = 0;
  filter.kernel.forEach((weights, u) =>
    weights.forEach((weight, v) => {
      const r = i * filter.stride + u * filter.dilation - height.before;
      const s = j * filter.stride + v * filter.dilation - width.before;
      if (r < 0 || s < 0 || r >= photo.height || s >= photo.width) return;
      sum += weight * photo.pixels[(r * photo.width + s) * photo.channels + c];
    }),
  );
  return sum / filter.divisor;
}

test("every output is what the definition says, and can be taken apart", () => {
  const random = generator(3);
  let fitting = 0;
  for (let n = 0; n < 300; n++) {
    const { photo, filter } = randomCase(random);
    const filtered = filterPhoto(photo, filter);
    const { height, width, output } = filtered;
    assert.equal(output.length, photo.channels * height.output * width.output);
    if (output.length === 0) continue;
    fitting++;
    for (let i = 0; i < height.output; i++) {
      for (let j = 0; j < width.output; j++) {
        const parts = takeApart(filtered, i, j);
        for (let c = 0; c < photo.channels; c++) {
          const wanted = byDefinition(filtered, c, i, j);
          assert.equal(output[(c * height.output + i) * width.output + j], wanted);
          assert.equal(parts[c].result, wanted);
          assert.equal(parts[c].sum, wanted === 0 ? 0 : Math.round(wanted * filter.divisor));
        }
      }
    }
  }
  assert.ok(fitting > 100 && fitting < 300);
});

test("padding is zero and outside", () => {
  const photo = { height: 1, width: 2, channels: 1, pixels: Uint8Array.of(7, 9) };
  const filter = { kernel: [[1, 10, 100]], divisor: 1, stride: 1, padding: "same", dilation: 1 };
  const filtered = filterPhoto(photo, filter);
  assert.deepEqual([...filtered.output], [970, 97]);
  assert.deepEqual(takeApart(filtered, 0, 0)[0].values, [[0, 7, 9]]);
  assert.deepEqual([-1, 0, 1, 2].map((s) => isInside(photo, 0, s)), [false, true, true, false]);
});
