/** Layers as JSON on standard input; the programs that the explorer shows for each, as JSON. */

import { kerasCode } from "../../convviz/widgets/js/src/explorer/code-keras.js";
import { torchCode } from "../../convviz/widgets/js/src/explorer/code-torch.js";
import { makeScene } from "../../convviz/widgets/js/src/core/convolution.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;

const results = JSON.parse(text).map((layer) => {
  const scene = makeScene(layer);
  return { torch: torchCode(scene), keras: kerasCode(scene) };
});
process.stdout.write(JSON.stringify(results));
