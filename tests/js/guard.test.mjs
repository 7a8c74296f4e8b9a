import assert from "node:assert/strict";
import { test } from "node:test";

import { guard, isOneOf, isWhole, shapeOf, walkChecks } from "../../convviz/widgets/js/src/core/guard.js";

/** A widget's model, which tells of a message's changes one by one, after all have been made. */
class FakeModel {
  constructor(values) {
    this.values = values;
    this.listeners = [];
  }
  get = (name) => this.values[name];
  set = (name, value) => this.message({ [name]: value });
  on = (event, listener) => this.listeners.push([event, listener]);
  message(values) {
    const changed = Object.keys(values).filter((name) => this.values[name] !== values[name]);
    Object.assign(this.values, values);
    for (const name of changed) {
      for (const [event, listener] of this.listeners) if (event === `change:${name}`) listener();
    }
  }
}

const PAIR = {
  width: isWhole(1, 9),
  area: (value, { width }) => value % width === 0,
  mode: isOneOf("a", "b"),
};

function start() {
  const model = new FakeModel({ width: 2, area: 6, mode: "a" });
  const guarded = guard(model, PAIR);
  const heard = [];
  for (const name of Object.keys(PAIR)) guarded.on(name, () => heard.push(`${name} ${JSON.stringify(model.values)}`));
  return { model, guarded, heard };
}

test("of a message the good is taken, and nobody hears of anything before it is in order", () => {
  const { model, heard } = start();
  model.message({ mode: "b", width: 0, area: "x" });
  assert.deepEqual(model.values, { width: 2, area: 6, mode: "b" });
  assert.ok(heard.length > 0);
  for (const words of heard) assert.ok(words.endsWith('{"width":2,"area":6,"mode":"b"}'), words);
});

test("values that belong together can be set together", () => {
  const { model, guarded, heard } = start();
  guarded.set({ width: 5, area: 10 });
  assert.deepEqual(model.values, { width: 5, area: 10, mode: "a" });
  assert.deepEqual(heard.map((words) => words.split(" ")[0]), ["width", "area"]);
  model.set("area", 11);
  assert.equal(model.values.area, 10);
});

test("the walk's end is the last output, and without one it stays", () => {
  const { position, _last_position: last } = walkChecks(({ count }) => count);
  assert.deepEqual([-1, 0, 5, 6, 0.5, "5"].filter((value) => last(value, { count: 6 })), [5]);
  assert.deepEqual([-1, 0, 5, 6].filter((value) => last(value, { count: 0 })), []);
  assert.deepEqual([-1, 0, 5, 6].filter((value) => position(value, { count: 6, _last_position: 0 })), [0, 5]);
  assert.deepEqual([-1, 0, 5, 6].filter((value) => position(value, { count: 0, _last_position: 5 })), [0, 5]);
});

test("the shape of lists that are arrays, and of nothing else", () => {
  assert.deepEqual(shapeOf([[[1, 2, 3]], [[4, 5, 6]]]), [2, 1, 3]);
  for (const values of [[], [[]], [[1], 2], [[1, 2], [3]], [NaN], ["1"], [, 1], [[1, , 2]], { length: 1 }]) {
    assert.equal(shapeOf(values), null);
  }
});
