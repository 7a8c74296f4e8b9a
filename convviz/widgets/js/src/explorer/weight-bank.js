/**
 * Weights that a smaller kernel or more groups put out of sight. They come back as they were;
 * those that were never there are 0, so that a larger kernel gives the same numbers at first.
 */

import { firstChannel } from "../core/convolution.js";

export class WeightBank {
  /** @type {Map<string, number>} by c_out, c_in, u, v */
  #known = new Map();

  /**
   * @param {{weight: number[][][][], groups: number}} layer
   */
  remember({ weight, groups }) {
    weight.forEach((kernels, c_out) => {
      const first = firstChannel({ weight, groups }, c_out);
      kernels.forEach((kernel, c) =>
        kernel.forEach((row, u) => row.forEach((value, v) => this.#known.set(`${c_out} ${first + c} ${u} ${v}`, value))),
      );
    });
  }

  /**
   * The weights of a layer of this shape, (filters, inChannels / groups, kH, kW).
   *
   * @param {{filters: number, inChannels: number, groups: number, kernelSize: [number, number]}} shape
   * @returns {number[][][][]}
   */
  weights({ filters, inChannels, groups, kernelSize: [height, width] }) {
    const channels = inChannels / groups;
    return times(filters, (c_out) => {
      const first = Math.floor((c_out * groups) / filters) * channels;
      return times(channels, (c) =>
        times(height, (u) => times(width, (v) => this.#known.get(`${c_out} ${first + c} ${u} ${v}`) ?? 0)),
      );
    });
  }
}

/** @template T @param {number} count @param {(k: number) => T} make @returns {T[]} */
function times(count, make) {
  return Array.from({ length: count }, (_, k) => make(k));
}
