/**
 * anywidget comes from npm as an AMD module, which hands what makes its classes to a global
 * `define`. build.py has esbuild put this one in its place.
 */

/** @type {(base: object) => Record<string, any>} */
export let makeAnywidget;

/**
 * @param {string[]} _names of the modules that the factory is to be given
 * @param {typeof makeAnywidget} factory
 */
export function define(_names, factory) {
  makeAnywidget = factory;
}
