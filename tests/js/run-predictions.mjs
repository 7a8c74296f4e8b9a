/** Layers, each with predictions, as JSON on standard input; what the browser answers, as JSON. */

import { makeScene } from "../../convviz/widgets/js/src/core/convolution.js";
import { checkOutputSize, checkOutputValue } from "../../convviz/widgets/js/src/explorer/predictions.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;

const results = JSON.parse(text).map(({ layer, sizes, at, values }) => {
  const scene = makeScene(layer);
  const [c_out, i, j] = at ?? [];
  return {
    sizes: sizes.map((predicted) => checkOutputSize(predicted, scene)),
    values: values.map((predicted) => checkOutputValue(predicted, scene, { c_out, i, j })),
  };
});
process.stdout.write(JSON.stringify(results));
