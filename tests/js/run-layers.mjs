/** Layers as JSON on standard input, one scene each; what the browser would show, as JSON. */

import { makeScene, trace } from "../../convviz/widgets/js/src/core/convolution.js";
import { readCounts } from "../../convviz/widgets/js/src/core/geometry.js";
import { leftOver, problems } from "../../convviz/widgets/js/src/core/words.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;

const results = JSON.parse(text).map((layer) => {
  const scene = makeScene(layer);
  const { height, width, fits, output } = scene;
  return {
    fits,
    output,
    size: [height.output, width.output],
    counts: [readCounts(height), readCounts(width)],
    leftOver: [leftOver(height, "height"), leftOver(width, "width")],
    problems: problems(scene).map(({ reason, remedies }) => [reason, ...remedies].join(" ")),
    lastParts: fits
      ? trace(scene, output.length - 1, height.output - 1, width.output - 1).parts.map((p) => p.sum)
      : null,
  };
});
process.stdout.write(JSON.stringify(results));
