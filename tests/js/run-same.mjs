/** Layers as JSON on standard input; what the panel would show of each, as JSON. */

import { compareSame, summary, torchSame } from "../../convviz/widgets/js/src/explorer/same-comparison.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;

const results = JSON.parse(text).map((layer) => {
  const comparison = compareSame(layer);
  const { keras, torch, differing } = comparison;
  return {
    keras: { output: keras.scene?.output ?? null, sides: keras.sides, refused: keras.refused },
    torch: { output: torch.scene.output, sides: torch.sides, padding: torch.padding },
    differing,
    summaries: layer.weight.map((_, c_out) => summary(comparison, c_out)),
    torchSame: torchSame(layer),
  };
});
process.stdout.write(JSON.stringify(results));
