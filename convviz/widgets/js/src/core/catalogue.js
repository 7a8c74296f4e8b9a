/** Sentences for the learner, from the catalogue that Python reads too. */

import english from "../../../../catalogue/en.json" with { type: "json" };

/** @type {Record<string, string>} */
const sentences = english;

/**
 * The sentence called `key`, with its named places filled.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [places]
 */
export function text(key, places = {}) {
  return sentences[key].replace(/\{(\w+)\}/g, (_, name) => String(places[name]));
}
