import assert from "node:assert/strict";
import { test } from "node:test";

import { boxPath, boxShape, escape, inset, insetRadii, tag } from "../../convviz/widgets/js/src/export/export-markup.js";
import {
  layGradient,
  parseContent,
  parseGradient,
  parseShadows,
  splitValue,
} from "../../convviz/widgets/js/src/export/export-values.js";

test("nothing that is written can end an element or an attribute", () => {
  assert.equal(escape(`<b title="x">R&D</b>`), "&lt;b title=&quot;x&quot;&gt;R&amp;D&lt;/b&gt;");
  assert.equal(escape("a\u0000\u000bb\tc"), "ab\tc");
  assert.equal(tag("g", { id: `"><script>` }), `<g id="&quot;&gt;&lt;script&gt;"/>`);
});

test("an attribute that is undefined is left out, and 0 is not", () => {
  assert.equal(tag("rect", { x: 0, y: 1.23456, rx: undefined }), `<rect x="0" y="1.23"/>`);
  assert.equal(tag("text", {}, "7"), "<text>7</text>");
});

test("corners that differ make a path, and others a rectangle", () => {
  const box = { x: 1, y: 2, width: 30, height: 20 };
  assert.equal(boxShape(box, [4, 4, 4, 4], {}), `<rect x="1" y="2" width="30" height="20" rx="4"/>`);
  assert.equal(boxShape(box, [0, 0, 0, 0], {}), `<rect x="1" y="2" width="30" height="20"/>`);
  assert.equal(
    boxPath(box, [0, 5, 0, 3]),
    "M1 2H26A5 5 0 0 1 31 7V22H4A3 3 0 0 1 1 19V2Z",
  );
  assert.match(boxShape(box, [0, 5, 0, 3], { fill: "none" }), /^<path d="M1 2H26.*" fill="none"\/>$/);
});

test("a box moves inwards side by side, and never inside out", () => {
  const box = { x: 10, y: 20, width: 30, height: 8 };
  assert.deepEqual(inset(box, [1, 2, 3, 4]), { x: 14, y: 21, width: 24, height: 4 });
  assert.deepEqual(inset(box, [-1, -2, -3, -4]), { x: 6, y: 19, width: 36, height: 12 });
  assert.equal(inset(box, [5, 0, 6, 0]).height, 0);
  assert.deepEqual(insetRadii([6, 6, 0, 1], [1, 2, 3, 4]), [2, 4, 0, 0]);
});

test("values are split outside of brackets and quotes only", () => {
  assert.deepEqual(splitValue("rgb(1, 2, 3) 0px, none", ","), ["rgb(1, 2, 3) 0px", "none"]);
  assert.deepEqual(splitValue(`"a, \u0022b`, ","), [`"a, "b`]);
  assert.deepEqual(splitValue("oklch(0.6 0.1 20 / 0.5)  1px", " "), ["oklch(0.6 0.1 20 / 0.5)", "1px"]);
});

test("shadows, with the colour before or behind", () => {
  assert.deepEqual(parseShadows("none"), []);
  const [ring, glow] = parseShadows("color(srgb 0.1 0.2 0.3 / 0.9) 1px -2px 0px 3px inset, 4px 5px 6px red");
  const colour = "color(srgb 0.1 0.2 0.3 / 0.9)";
  assert.deepEqual(ring, { colour, x: 1, y: -2, blur: 0, spread: 3, inset: true });
  assert.deepEqual(glow, { colour: "red", x: 4, y: 5, blur: 6, spread: 0, inset: false });
});

test("hatching as browsers write it", () => {
  const gradient = parseGradient(
    "repeating-linear-gradient(45deg, rgba(0, 0, 0, 0) 0px, rgba(0, 0, 0, 0) 3px, oklab(0.2 0 0 / 0.3) 3px, oklab(0.2 0 0 / 0.3) 4px)",
  );
  assert.equal(gradient?.repeating, true);
  const { direction, length, stops } = layGradient(/** @type {any} */ (gradient), 30, 40);
  assert.ok(Math.abs(direction[0] - Math.SQRT1_2) < 1e-12 && Math.abs(direction[1] + Math.SQRT1_2) < 1e-12);
  assert.ok(Math.abs(length - 70 * Math.SQRT1_2) < 1e-9);
  assert.deepEqual(stops.map(({ at }) => at), [0, 3, 3, 4]);
});

test("the line of a gradient, by its side, its corner, or none", () => {
  const direction = (/** @type {string} */ line) => {
    const gradient = parseGradient(`linear-gradient(${line}red, blue)`);
    return layGradient(/** @type {any} */ (gradient), 30, 40).direction.map((part) => Math.round(part * 1e6) / 1e6 + 0);
  };
  assert.deepEqual(direction(""), [0, 1]);
  assert.deepEqual(direction("to right, "), [1, 0]);
  assert.deepEqual(direction("to left, "), [-1, 0]);
  assert.deepEqual(direction("to top, "), [0, -1]);
  assert.deepEqual(direction("in oklab 90deg, "), [1, 0]);
  // At 90 degrees to the other diagonal, which runs along (30, 40).
  assert.deepEqual(direction("to right top, "), [0.8, -0.6]);
});

test("stops without a place stand evenly between their neighbours, and none goes back", () => {
  const laid = (/** @type {string} */ stops) =>
    layGradient(/** @type {any} */ (parseGradient(`linear-gradient(90deg, ${stops})`)), 100, 10).stops.map(({ at }) => at);
  assert.deepEqual(laid("red, blue"), [0, 100]);
  assert.deepEqual(laid("red, green, blue 40%, white, black, grey"), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(laid("red 10px 30px, blue 20px"), [10, 30, 30]);
  assert.equal(parseGradient("radial-gradient(red, blue)"), null);
  assert.equal(parseGradient("none"), null);
});

test("the words of a pseudo-element", () => {
  const attribute = (/** @type {string} */ name) => (name === "data-times" ? "×2" : null);
  assert.equal(parseContent("none", attribute), null);
  assert.equal(parseContent("normal", attribute), null);
  assert.equal(parseContent('""', attribute), "");
  assert.equal(parseContent('"×2"', attribute), "×2");
  assert.equal(parseContent("attr(data-times)", attribute), "×2");
  assert.equal(parseContent('"(" attr(data-times) ", " attr(data-none) ")"', attribute), "(×2, )");
  assert.equal(parseContent('"say \\"3\\" \\d7 4"', attribute), 'say "3" ×4');
  assert.equal(parseContent('"→" / "to"', attribute), "→");
});
