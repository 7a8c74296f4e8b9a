import assert from "node:assert/strict";
import { test } from "node:test";

import { kerasCode } from "../../convviz/widgets/js/src/explorer/code-keras.js";
import { arrayLines, call, pair } from "../../convviz/widgets/js/src/explorer/code-python.js";
import { torchCode } from "../../convviz/widgets/js/src/explorer/code-torch.js";
import { makeScene } from "../../convviz/widgets/js/src/core/convolution.js";
import { generator, randomLayer } from "./random.mjs";

/** What a program has between its imports and its arrays: the layer. */
function layerOf(program) {
  return program.split("\n\n")[1];
}

/** A call as if there were room for it. */
function onOneLine(code) {
  return code.replaceAll(/\(\n +/g, "(").replaceAll(/,\n\)/g, ")").replaceAll(/\n +/g, " ");
}

/** A layer on 2 channels of 5 x 6, kernel 2 x 3; what is given of it otherwise. */
function sceneOf(settings, { c_in = 2, c_out = 2, groups = 1 } = {}) {
  const { array } = generator(3);
  return makeScene({
    input: array([c_in, 5, 6]),
    weight: array([c_out, c_in / groups, 2, 3]),
    bias: array([c_out]),
    stride: 1,
    padding: 0,
    dilation: 1,
    groups,
    padding_mode: "zeros",
    ...settings,
  });
}

test("only what is not the default is written", () => {
  assert.equal(layerOf(torchCode(sceneOf({}))), "layer = torch.nn.Conv2d(2, 2, kernel_size=(2, 3)).double()");
  assert.equal(
    layerOf(kerasCode(sceneOf({}))),
    'layer = keras.layers.Conv2D(2, kernel_size=(2, 3), dtype="float64")',
  );
  assert.match(torchCode(sceneOf({ bias: null })), /bias=False/);
  assert.doesNotMatch(torchCode(sceneOf({ bias: null })), /^bias = |layer\.bias/m);
  assert.match(kerasCode(sceneOf({ bias: null })), /use_bias=False/);
  assert.match(kerasCode(sceneOf({ bias: null })), /set_weights\(\[weight\.transpose\(2, 3, 1, 0\)\]\)/);
});

test("a long call has an argument a line, and a comma after the last", () => {
  assert.equal(call("f", "1", "b=2"), "f(1, b=2)");
  const long = "x".repeat(76);
  assert.equal(call("f", long), `f(${long})`);
  assert.equal(call("f", `${long}x`, "1"), `f(\n    ${long}x,\n    1,\n)`);
  assert.equal(pair([2, 2]), "2");
  assert.equal(pair([2, 3]), "(2, 3)");
});

test("an array has a row a line, in columns", () => {
  const lines = (values) => arrayLines("x", "(A, B)", "np.array", values, "float").join("\n");
  assert.equal(lines([1, -2]), "x = np.array([1, -2], dtype=float)  # (A, B)");
  assert.equal(
    lines([[[1, -20], [3, 4]], [[5, 6], [7, 8]]]),
    "x = np.array(  # (A, B)\n" +
      "    [[[  1, -20],\n" +
      "      [  3,   4]],\n" +
      "\n" +
      "     [[  5,   6],\n" +
      "      [  7,   8]]],\n" +
      "    dtype=float,\n" +
      ")",
  );
  // Kernels of one weight stand side by side: a row for each output channel.
  assert.match(lines([[[[1]], [[2]]], [[[3]], [[-4]]]]), /\n {4}\[\[\[\[ 1\]\], \[\[ 2\]\]\],\n {5}\[\[\[ 3\]\], \[\[-4\]\]\]\],\n/);
});

test("every digit survives", () => {
  const written = (value) => arrayLines("x", "", "array", [value, 0.5], "float")[0].match(/\[(.*), 0\.5\]/)[1];
  const numbers = [0.1 + 0.2, -1e-7, 1 / 3, 5e-324, 6.02214076e23, 2 ** 53, -(2 ** 60), 1e21, 1e20, -3];
  for (const value of numbers) {
    assert.equal(Number(written(value)), value);
    assert.match(written(value), /[.e]/, "Python reads it as a float");
  }
  const [integers] = arrayLines("x", "", "array", [2 ** 53, -3, 1e20], "float");
  assert.match(integers, /\[9007199254740992, -3, 1e\+20\]/);
});

test("whole numbers are printed as such, and only if everything is whole", () => {
  assert.match(torchCode(sceneOf({})), /print\(output\.long\(\)\)\n$/);
  assert.match(kerasCode(sceneOf({})), /print\(output\.astype\(int\)\)\n$/);
  for (const bias of [[0.5, 1], [2 ** 53, 0]]) {
    assert.match(torchCode(sceneOf({ bias })), /print\(output\)\n$/);
    assert.match(kerasCode(sceneOf({ bias })), /print\(output\)\n$/);
  }
});

test("padding in PyTorch: by the layer where it can, else before it", () => {
  const same = (settings) => onOneLine(layerOf(torchCode(sceneOf({ padding: "same", ...settings }))));
  // Across the 3 columns of the kernel "same" adds alike; across its 2 rows only if they span 3.
  const odd = { dilation: [2, 1] };
  assert.match(same(odd), /^layer = .*padding="same", dilation=\(2, 1\)\)/);
  assert.match(same({ ...odd, stride: [4, 1] }), /^# What "same" adds here.*\nlayer = .*padding=1,/);
  assert.match(same({}), /^# Opposite sides.*\npad = torch\.nn\.ZeroPad2d\(\(1, 1, 0, 1\)\)\nlayer = [^p]*$/);

  const by = (settings) => onOneLine(layerOf(torchCode(sceneOf(settings))));
  assert.match(by({ padding: "valid" }), /^layer = torch\.nn\.Conv2d\(2, 2, kernel_size=\(2, 3\)\)/);
  assert.match(by({ padding: 1 }), /^layer = .*, padding=1\)/);
  assert.match(
    by({ padding: [1, 2], padding_mode: "circular" }),
    /^layer = .*, padding=\(1, 2\), padding_mode="circular"\)/,
  );
  assert.match(
    by({ padding: [[0, 1], [2, 0]], padding_mode: "reflect" }),
    /\npad = torch\.nn\.ReflectionPad2d\(\(2, 0, 0, 1\)\)\nlayer = [^p]*$/,
  );
});

test("padding in Keras: by its rule, by a layer of zeros, or by NumPy", () => {
  const by = (settings) => kerasCode(sceneOf(settings));
  const [rule, zeros, numpy] = [/padding="same"/, /pad = keras\.layers\.ZeroPadding2D/, /np\.pad/];
  const cases = [
    { settings: { padding: "same", stride: 2 }, way: rule },
    { settings: { padding: [[0, 1], [1, 1]] }, way: rule },
    { settings: { padding: 1 }, way: zeros },
    { settings: { padding: "same", padding_mode: "replicate" }, way: numpy },
  ];
  for (const { settings, way } of cases) {
    for (const each of [rule, zeros, numpy]) assert.equal(each.test(by(settings)), each === way, settings);
  }
  assert.match(by({ padding: 1 }), /ZeroPadding2D\(\(\(1, 1\), \(1, 1\)\), dtype="float64"\)[^]*images = pad\(images\)/);
  assert.match(
    by({ padding: "same", padding_mode: "replicate" }),
    /np\.pad\(images, \(\(0, 0\), \(0, 1\), \(1, 1\), \(0, 0\)\), mode="edge"\)/,
  );
});

test("Keras: strides together with dilation", () => {
  const both = { stride: [2, 1], dilation: 2, padding: 1 };
  const whole = kerasCode(sceneOf(both));
  assert.doesNotMatch(whole, /strides=/);
  assert.match(whole, /outputs = layer\(images\)\[:, ::2, :\]/);
  const alone = kerasCode(sceneOf(both, { c_out: 4, groups: 2 }));
  assert.match(alone, /DepthwiseConv2D\([^]*depth_multiplier=2,[^]*strides=\(2, 1\),[^]*dilation_rate=2,/);
  assert.match(alone, /weight\.reshape\(2, 2, 2, 3\)\.transpose\(2, 3, 0, 1\)/);
  assert.match(kerasCode(sceneOf({}, { c_out: 4, groups: 2 })), /# Every channel has kernels of its own/);
  assert.match(kerasCode(sceneOf({}, { c_in: 4, c_out: 4, groups: 2 })), /Conv2D\(4, .*groups=2/);
});

test("without an output there is no program", () => {
  for (const settings of [{ dilation: 9 }, { padding: [[5, 5], [0, 0]], padding_mode: "reflect" }]) {
    assert.equal(torchCode(sceneOf(settings)), null);
    assert.equal(kerasCode(sceneOf(settings)), null);
  }
});

test("every sentence has its places filled", () => {
  for (let seed = 0; seed < 200; seed++) {
    const scene = makeScene(randomLayer(generator(seed)));
    for (const program of [torchCode(scene), kerasCode(scene)]) {
      if (program !== null) assert.doesNotMatch(program, /undefined|null|NaN|\{|\}/);
    }
  }
});
