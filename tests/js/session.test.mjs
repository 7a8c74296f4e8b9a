import assert from "node:assert/strict";
import { test } from "node:test";

import { makeScene } from "../../convviz/widgets/js/src/core/convolution.js";
import { Session } from "../../convviz/widgets/js/src/explorer/session.js";

/** A widget's model: as much of it as a session uses, and Backbone's way of telling of changes. */
class FakeModel {
  constructor(values) {
    this.values = { ...values };
    this.heard = [];
    this.listeners = new Map();
  }
  get(name) {
    return this.values[name];
  }
  set(name, value) {
    if (JSON.stringify(this.values[name]) === JSON.stringify(value)) return;
    this.values[name] = value;
    for (const listener of this.listeners.get(`change:${name}`) ?? []) listener();
  }
  save_changes() {}
  on(event, listener) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }
}

const grid = (rows, columns, from) =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, s) => from + r * columns + s));

function start(changes = {}) {
  const model = new FakeModel({
    input: [grid(5, 6, 1), grid(5, 6, 40)],
    weight: [
      [grid(3, 2, 1), grid(3, 2, 11)],
      [grid(3, 2, 21), grid(3, 2, 31)],
    ],
    bias: [1, -1],
    stride: 1,
    padding: 0,
    dilation: 1,
    groups: 1,
    padding_mode: "zeros",
    position: 0,
    out_channel: 0,
    _last_position: 14,
    _stride: 1,
    _dilation: 1,
    _padding: 0,
    _padding_full: false,
    _apart: false,
    _revealed: [],
    ...changes,
  });
  return { model, session: new Session(model) };
}

test("a slider moves its setting, and a setting its slider", () => {
  const { model } = start();
  model.set("_stride", 2);
  assert.equal(model.get("stride"), 2);
  model.set("stride", 3);
  assert.equal(model.get("_stride"), 3);
  model.set("stride", [1, 2]);
  assert.equal(model.get("_stride"), 3);
  assert.deepEqual(model.get("stride"), [1, 2]);
});

/** What a session leaves for after the drawing is done by then. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("the position stays inside, and waits where there is no output", async () => {
  const { model } = start();
  model.set("position", 14);
  model.set("stride", 2);
  assert.equal(model.get("position"), 5);
  await settled();
  assert.equal(model.get("_last_position"), 5);
  model.set("dilation", 4);
  assert.equal(model.get("position"), 5);
});

test("weights that go out of sight come back as they were", () => {
  const { model, session } = start();
  const weight = model.get("weight");
  session.setKernelSize([1, 1]);
  assert.deepEqual(model.get("weight"), [[[[1]], [[11]]], [[[21]], [[31]]]]);
  session.setKernelSize([3, 2]);
  assert.deepEqual(model.get("weight"), weight);
  session.setKernelSize([4, 3]);
  assert.deepEqual(model.get("weight")[0][0], [[1, 2, 0], [3, 4, 0], [5, 6, 0], [0, 0, 0]]);
});

test("a larger kernel of zeros and fewer groups of zeros give the same numbers", () => {
  const { session } = start();
  const before = makeScene(session.layer).output;
  session.setKernelSize([3, 4]);
  assert.deepEqual(makeScene(session.layer).output, before.map((m) => m.map((row) => row.slice(0, -2))));
});

test("groups keep a filter to its own channels, and give them back", () => {
  const { model, session } = start();
  const weight = model.get("weight");
  session.setGroups(2);
  assert.deepEqual(model.get("weight"), [[weight[0][0]], [weight[1][1]]]);
  assert.equal(model.get("groups"), 2);
  session.setGroups(1);
  assert.deepEqual(model.get("weight"), weight);
});

test("a layer that came with groups has zeros between them", () => {
  const { model, session } = start({ groups: 2, weight: [[grid(2, 2, 1)], [grid(2, 2, 5)]] });
  const before = makeScene(session.layer).output;
  session.setGroups(1);
  assert.deepEqual(model.get("weight")[0], [grid(2, 2, 1), [[0, 0], [0, 0]]]);
  assert.deepEqual(makeScene(session.layer).output, before);
});

test("an edited value stays in sight and out of it", () => {
  const { model, session } = start();
  session.setValue({ grid: "kernel", channel: 1, row: 2, col: 1 }, -7, 0);
  assert.equal(model.get("weight")[0][1][2][1], -7);
  session.setKernelSize([1, 1]);
  session.setKernelSize([3, 2]);
  assert.equal(model.get("weight")[0][1][2][1], -7);
  session.setValue({ grid: "input", channel: 1, row: 4, col: 5 }, 0.5, 0);
  assert.equal(model.get("input")[1][4][5], 0.5);
  session.setBias(3, 1);
  assert.deepEqual(model.get("bias"), [1, 3]);
  session.restoreValues();
  assert.deepEqual([model.get("weight")[0][1][2][1], model.get("input")[1][4][5], model.get("bias")], [16, 69, [1, -1]]);
});

test("with groups an edited weight is that of the group's own channel", () => {
  const { model, session } = start({ groups: 2, weight: [[grid(2, 2, 1)], [grid(2, 2, 5)]] });
  session.setValue({ grid: "kernel", channel: 1, row: 0, col: 1 }, 9, 1);
  assert.deepEqual(model.get("weight"), [[grid(2, 2, 1)], [[[5, 9], [7, 8]]]]);
});

test("a kernel known by name goes to one output channel, in the middle of a larger kernel", () => {
  const { model, session } = start();
  const other = model.get("weight")[1];
  const edge = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]];
  session.setKernel(edge, 0);
  assert.deepEqual(model.get("weight")[0], [edge, edge]);
  assert.deepEqual(model.get("weight")[1][0].map((row) => row.slice(0, 2)), other[0]);
  session.setKernelSize([5, 5]);
  session.setKernel(edge, 0);
  assert.deepEqual(model.get("weight")[0][0], [
    [0, 0, 0, 0, 0],
    [0, -1, 0, 1, 0],
    [0, -2, 0, 2, 0],
    [0, -1, 0, 1, 0],
    [0, 0, 0, 0, 0],
  ]);
});

test("full padding follows the kernel, and ends when another padding is set", () => {
  const { model, session } = start();
  session.setPaddingForm("full");
  assert.deepEqual(model.get("padding"), [2, 1]);
  session.setKernelSize([2, 2]);
  assert.equal(model.get("padding"), 1);
  model.set("dilation", 3);
  assert.equal(model.get("padding"), 3);
  assert.equal(session.paddingForm, "full");
  model.set("padding", 0);
  assert.equal(session.paddingForm, "number");
  model.set("dilation", 1);
  assert.equal(model.get("padding"), 0);
});

test("'same' keeps the slider's number, and goes back to it", () => {
  const { model, session } = start({ padding: 2, _padding: 2 });
  session.setPaddingForm("same");
  assert.equal(model.get("padding"), "same");
  session.setPaddingForm("number");
  assert.equal(model.get("padding"), 2);
});

test("height and width stay apart until they are put together", () => {
  const { model, session } = start();
  session.setKernelSize([2, 2]);
  assert.equal(model.get("_apart"), true);
  session.setApart(false);
  assert.equal(model.get("_apart"), false);
  model.set("stride", [1, 2]);
  assert.equal(model.get("_apart"), true);
});

test("reset brings everything back", () => {
  const { model, session } = start();
  const before = structuredClone(model.values);
  session.setGroups(2);
  session.setKernelSize([2, 2]);
  session.setPaddingForm("full");
  session.setApart(true);
  session.change({ padding_mode: "circular", stride: 2, position: 3, out_channel: 1 });
  session.reset();
  assert.deepEqual(model.values, before);
});

test("the walk stops at both ends", () => {
  const { model, session } = start();
  session.step(-1);
  assert.equal(model.get("position"), 0);
  session.step(1);
  session.step(100);
  assert.equal(model.get("position"), model.get("_last_position"));
});

test("what was revealed is asked anew in another setting", () => {
  const { model } = start({ predict: "output_size" });
  model.set("_revealed", ["size"]);
  model.set("stride", 2);
  assert.deepEqual(model.get("_revealed"), []);
});
