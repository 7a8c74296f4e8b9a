/**
 * In place of sanitize-html, which with all that it needs is as large as the widgets themselves:
 * no HTML passes. Only a label that is declared to be HTML would have any.
 *
 * @param {string} source
 */
export default (source) => source.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
