/** Pictures and kernels as JSON on standard input; what the browser would make of each, as JSON. */

import { filterPhoto, takeApart } from "../../convviz/widgets/js/src/image/image-convolution.js";
import { paint, SHOWS, suitedShow } from "../../convviz/widgets/js/src/image/image-shades.js";
import { misfits } from "../../convviz/widgets/js/src/image/image-words.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;

const results = JSON.parse(text).map(({ photo, filter, at }) => {
  const filtered = filterPhoto({ ...photo, pixels: Uint8Array.from(photo.pixels) }, filter);
  const { height, width, output } = filtered;
  const fits = output.length > 0;
  return {
    size: [height.output, width.output],
    output: [...output],
    misfits: misfits(filtered).map(({ reason, remedies }) => [reason, ...remedies].join(" ")),
    parts: fits ? takeApart(filtered, ...at.map((share, k) => share % [height, width][k].output)) : [],
    suitedShow: suitedShow(filter.kernel),
    painted: SHOWS.map((show) => {
      const { rgba, count, below, above } = paint(output, photo.channels, show);
      return { rgba: [...rgba], count, below, above };
    }),
  };
});
process.stdout.write(JSON.stringify(results));
