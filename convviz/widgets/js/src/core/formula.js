/** The output size as a formula: first in symbols, then with the numbers put in. */

/**
 * @typedef {import("./geometry.js").Axis} Axis
 * @typedef {{text: string, term?: string, sub?: string}} Token
 */

/**
 * The steps of the formula for one axis, each a list of tokens that starts with "=".
 *
 * @param {Axis} axis
 * @param {{size: "H" | "W", output: Token, sides: [string, string]}} symbols
 * @returns {Token[][]}
 */
export function formulaSteps(axis, { size, output, sides }) {
  const { input, kernel, stride, dilation, before, after, padded, span } = axis;
  const [W, S] = [term("W", size), term("S", "S")];
  const steps = [
    [output, sign(" = ⌊("), W, ...padding(before, after, sides), sign(" − "), ...kernelSpan(dilation), sign(") / "), S, sign("⌋ + 1")],
    [
      sign("= ⌊("),
      term("W", input),
      ...paddingNumbers(before, after),
      sign(" − "),
      ...kernelNumbers(kernel, dilation),
      sign(") / "),
      term("S", stride),
      sign("⌋ + 1"),
    ],
    [sign("= ⌊"), sign(minus(padded - span)), sign(" / "), term("S", stride), sign("⌋ + 1")],
  ];
  const result = Math.floor((padded - span) / stride) + 1;
  steps.push([sign("= "), term("O", minus(result))]);
  return steps;
}

/** @param {number} before @param {number} after @param {[string, string]} sides @returns {Token[]} */
function padding(before, after, sides) {
  if (before === after) return [sign(" + 2"), term("P", "P")];
  return [sign(" + "), term("P", "P", sides[0]), sign(" + "), term("P", "P", sides[1])];
}

/** @param {number} before @param {number} after @returns {Token[]} */
function paddingNumbers(before, after) {
  if (before === after) return [sign(" + 2·"), term("P", before)];
  return [sign(" + "), term("P", before), sign(" + "), term("P", after)];
}

/** @param {number} dilation @returns {Token[]} */
function kernelSpan(dilation) {
  if (dilation === 1) return [term("F", "F")];
  return [sign("("), term("D", "D"), sign("("), term("F", "F"), sign(" − 1) + 1)")];
}

/** @param {number} kernel @param {number} dilation @returns {Token[]} */
function kernelNumbers(kernel, dilation) {
  if (dilation === 1) return [term("F", kernel)];
  return [sign("("), term("D", dilation), sign("·("), term("F", kernel), sign(" − 1) + 1)")];
}

/** @param {string} name @param {string | number} value @param {string} [sub] @returns {Token} */
export function term(name, value, sub) {
  return { text: String(value), term: name, ...(sub && { sub }) };
}

/** @param {string} value @returns {Token} */
function sign(value) {
  return { text: value };
}

/** @param {number} value */
function minus(value) {
  return String(value).replace("-", "−");
}
