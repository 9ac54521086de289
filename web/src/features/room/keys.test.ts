import { describe, expect, test } from "vitest";

import { actOf, type PressedKey } from "./keys";

const press = (change: Partial<PressedKey>): PressedKey => ({ code: "KeyM", key: "m", hasModifier: false, isRepeat: false, isInField: false, ...change });

describe("keys of the room", () => {
  test.each([
    ["m", "English"],
    ["ь", "Russian"],
    ["M", "shifted"],
  ])("the key of M works as %s on a %s layout", (key) => {
    expect(actOf(press({ key }), true)).toBe("microphone");
  });

  test("each listed letter has its act", () => {
    expect(actOf(press({ code: "KeyV", key: "м" }), true)).toBe("camera");
    expect(actOf(press({ code: "KeyF", key: "а" }), true)).toBe("fullScreen");
  });

  test("a letter in a field, with a modifier or held down does nothing", () => {
    expect(actOf(press({ isInField: true }), true)).toBeNull();
    expect(actOf(press({ hasModifier: true }), true)).toBeNull();
    expect(actOf(press({ isRepeat: true }), true)).toBeNull();
  });

  test("letters that are switched off do nothing, F2 still works", () => {
    expect(actOf(press({}), false)).toBeNull();
    expect(actOf(press({ code: "Slash", key: "?" }), false)).toBeNull();
    expect(actOf(press({ code: "F2", key: "F2" }), false)).toBe("toControls");
  });

  test("a question mark lists the keys wherever the layout has it", () => {
    expect(actOf(press({ code: "Slash", key: "?" }), true)).toBe("keys");
    expect(actOf(press({ code: "Digit7", key: "?" }), true)).toBe("keys");
  });

  test("keys kept for later acts do nothing yet", () => {
    expect(actOf(press({ code: "KeyH", key: "h" }), true)).toBeNull();
    expect(actOf(press({ code: "Space", key: " " }), true)).toBeNull();
  });
});
