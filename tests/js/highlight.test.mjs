import assert from "node:assert/strict";
import { test } from "node:test";

import { makeScene, trace, valueAt } from "../../convviz/widgets/js/src/core/convolution.js";
import { readIndex } from "../../convviz/widgets/js/src/core/geometry.js";
import { keyOf, litBy, reads } from "../../convviz/widgets/js/src/core/highlight.js";
import { generator, randomLayer } from "./random.mjs";

const random = generator(7);

/** Scenes that have an output. */
function* scenes(count) {
  while (count > 0) {
    const scene = makeScene(randomLayer(random));
    if (!scene.fits) continue;
    count--;
    yield scene;
  }
}

/** Every product of the convolution: which input cell, weight and output cell it belongs to. */
function products(scene) {
  const { layer, height, width } = scene;
  const all = [];
  for (let c_out = 0; c_out < layer.weight.length; c_out++) {
    for (let c_in = 0; c_in < layer.input.length; c_in++) {
      if (!reads(scene, c_out, c_in)) continue;
      for (let i = 0; i < height.output; i++) {
        for (let j = 0; j < width.output; j++) {
          for (let u = 0; u < height.kernel; u++) {
            for (let v = 0; v < width.kernel; v++) {
              const [r, s] = [readIndex(height, i, u), readIndex(width, j, v)];
              all.push({ c_out, c_in, i, j, u, v, r, s });
            }
          }
        }
      }
    }
  }
  return all;
}

const key = (grid, channel, row, col) => keyOf({ grid, channel, row, col });
const sorted = (keys) => [...new Set(keys)].sort();

test("an output cell lights its window, its kernels, its products and itself", () => {
  for (const scene of scenes(40)) {
    const c_out = random.integer(0, scene.layer.weight.length - 1);
    const i = random.integer(0, scene.height.output - 1);
    const j = random.integer(0, scene.width.output - 1);
    const own = products(scene).filter((p) => p.c_out === c_out && p.i === i && p.j === j);
    const expected = own.flatMap(({ c_in, u, v, r, s }) => [
      key("input", c_in, r, s),
      key("kernel", c_in, u, v),
      key("product", c_in, u, v),
    ]);
    expected.push(key("output", c_out, i, j));
    const focus = { grid: "output", channel: c_out, row: i, col: j };
    assert.deepEqual(sorted(litBy(scene, focus, { c_out, i, j }).keys()), sorted(expected));
  }
});

test("an input cell lights every output that it goes into, coloured by the weight it meets", () => {
  for (const scene of scenes(40)) {
    const { layer, height, width } = scene;
    const channel = random.integer(0, layer.input.length - 1);
    const row = random.integer(-height.before, height.input + height.after - 1);
    const col = random.integer(-width.before, width.input + width.after - 1);
    const c_out = random.integer(0, layer.weight.length - 1);
    const lit = litBy(scene, { grid: "input", channel, row, col }, { c_out, i: 0, j: 0 });
    const own = products(scene).filter((p) => p.c_in === channel && p.r === row && p.s === col);
    const expected = own.flatMap((p) => [
      key("output", p.c_out, p.i, p.j),
      ...(p.c_out === c_out ? [key("kernel", channel, p.u, p.v)] : []),
    ]);
    expected.push(key("input", channel, row, col));
    assert.deepEqual(sorted(lit.keys()), sorted(expected));
    for (const { c_out, i, j, u, v } of own) {
      assert.equal(lit.get(key("output", c_out, i, j)), u * width.kernel + v);
    }
  }
});

test("a weight lights every input cell that it meets, and all outputs of its channel", () => {
  for (const scene of scenes(20)) {
    const c_out = random.integer(0, scene.layer.weight.length - 1);
    const channels = scene.layer.input.map((_, c) => c).filter((c) => reads(scene, c_out, c));
    const channel = channels[0];
    const [row, col] = [random.integer(0, scene.height.kernel - 1), random.integer(0, scene.width.kernel - 1)];
    const lit = litBy(scene, { grid: "kernel", channel, row, col }, { c_out, i: 0, j: 0 });
    const own = products(scene).filter(
      (p) => p.c_out === c_out && p.c_in === channel && p.u === row && p.v === col,
    );
    const expected = own.flatMap(({ r, s, i, j }) => [
      key("input", channel, r, s),
      key("output", c_out, i, j),
    ]);
    expected.push(key("kernel", channel, row, col));
    assert.deepEqual(sorted(lit.keys()), sorted(expected));
  }
});

test("a product lights its two factors and the output that it is added to", () => {
  for (const scene of scenes(10)) {
    const { height, width } = scene;
    const [i, j] = [height.output - 1, width.output - 1];
    const [u, v] = [height.kernel - 1, width.kernel - 1];
    const lit = litBy(scene, { grid: "product", channel: 0, row: u, col: v }, { c_out: 0, i, j });
    const expected = [
      key("product", 0, u, v),
      key("kernel", 0, u, v),
      key("input", 0, readIndex(height, i, u), readIndex(width, j, v)),
      key("output", 0, i, j),
    ];
    assert.deepEqual(sorted(lit.keys()), sorted(expected));
  }
});

test("a trace sums to the output, and its products are weight times input", () => {
  for (const scene of scenes(40)) {
    const { layer, height, width } = scene;
    for (let c_out = 0; c_out < layer.weight.length; c_out++) {
      const [i, j] = [height.output - 1, 0];
      const { parts, bias, output } = trace(scene, c_out, i, j);
      assert.equal(parts.reduce((sum, part) => sum + part.sum, bias ?? 0), output);
      parts.forEach(({ channel, products }, c) => {
        assert.equal(
          products[0][0],
          layer.weight[c_out][c][0][0] * valueAt(scene, channel, readIndex(height, i, 0), readIndex(width, j, 0)),
        );
      });
    }
  }
});
