import { describe, expect, test } from "vitest";

import { FrameWatch } from "./frameWatch";
import { LOST_AFTER_MS } from "./geometry";

describe("a frozen picture", () => {
  test("is one without a new frame for the whole limit", () => {
    const watch = new FrameWatch();
    expect(watch.isFrozen(10, true, 0)).toBe(false);
    expect(watch.isFrozen(10, true, LOST_AFTER_MS - 1)).toBe(false);
    expect(watch.isFrozen(10, true, LOST_AFTER_MS)).toBe(true);
  });

  test("is alive again with the first new frame", () => {
    const watch = new FrameWatch();
    watch.isFrozen(10, true, 0);
    expect(watch.isFrozen(11, true, LOST_AFTER_MS)).toBe(false);
    expect(watch.isFrozen(11, true, LOST_AFTER_MS * 2 - 1)).toBe(false);
  });

  test("is not one that nobody could see", () => {
    const watch = new FrameWatch();
    watch.isFrozen(10, true, 0);
    expect(watch.isFrozen(10, false, LOST_AFTER_MS * 3)).toBe(false);
    expect(watch.isFrozen(10, true, LOST_AFTER_MS * 3 + 1)).toBe(false);
    expect(watch.isFrozen(10, true, LOST_AFTER_MS * 4)).toBe(true);
  });
});
