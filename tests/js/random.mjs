/** Random settings for the tests, the same in every run. */

/** @param {number} seed */
export function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  /** An integer from low to high, both included. */
  const integer = (low, high) => low + Math.floor(next() * (high - low + 1));
  const array = (shape, low = -5, high = 9) =>
    shape.length === 0
      ? integer(low, high)
      : Array.from({ length: shape[0] }, () => array(shape.slice(1), low, high));
  return { integer, array };
}

/** Settings of one axis; the kernel may fail to fit. */
export function randomAxis({ integer }) {
  return {
    input: integer(1, 12),
    kernel: integer(1, 5),
    stride: integer(1, 4),
    dilation: integer(1, 3),
    before: integer(0, 3),
    after: integer(0, 3),
  };
}

/** A layer on an input, H != W and kH != kW more often than not, with groups. */
export function randomLayer({ integer, array }) {
  const groups = integer(1, 3);
  const [inPerGroup, outPerGroup] = [integer(1, 2), integer(1, 2)];
  const [H, W] = [integer(4, 8), integer(4, 9)];
  const [kH, kW] = [integer(1, 3), integer(1, 4)];
  return {
    input: array([groups * inPerGroup, H, W]),
    weight: array([groups * outPerGroup, inPerGroup, kH, kW]),
    bias: integer(0, 1) ? array([groups * outPerGroup]) : null,
    stride: [integer(1, 3), integer(1, 3)],
    padding: [
      [integer(0, 2), integer(0, 2)],
      [integer(0, 2), integer(0, 2)],
    ],
    dilation: [integer(1, 2), integer(1, 2)],
    groups,
    padding_mode: ["zeros", "reflect", "replicate", "circular"][integer(0, 3)],
  };
}
