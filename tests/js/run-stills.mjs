/** Axes and results as JSON on standard input; what the browser shows and says of each, as JSON. */

import {
  lensPage,
  makeLens,
  overviewScale,
  ticks,
  unreadRuns,
  windowEdges,
} from "../../convviz/widgets/js/src/axis/strip-layout.js";
import { inputCaption, outputCaption, outputReads } from "../../convviz/widgets/js/src/axis/strip-words.js";
import { makeAxis } from "../../convviz/widgets/js/src/core/geometry.js";
import { paint } from "../../convviz/widgets/js/src/image/image-shades.js";
import { shownHow } from "../../convviz/widgets/js/src/image/image-words.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { axes, results } = JSON.parse(text);

const strips = axes.map(({ settings, width, position }) => {
  const axis = makeAxis(settings);
  const scale = overviewScale(axis, width);
  const strip = { scale, ticks: ticks(axis.input, scale), captions: [inputCaption(axis)] };
  if (!axis.output) return strip;
  const lens = makeLens(axis, width);
  const page = lensPage(axis, lens, position);
  return {
    ...strip,
    lens,
    page,
    window: windowEdges(axis, lens, page, position),
    runs: unreadRuns(axis),
    captions: [inputCaption(axis), outputCaption(axis), outputReads(axis, position)],
  };
});
const sentences = results.map(({ output, channels, show }) =>
  shownHow(paint(Float64Array.from(output), channels, show), show),
);
process.stdout.write(JSON.stringify({ strips, sentences }));
