import { describe, expect, test } from "vitest";

import { judgeLevel, levelOf, LoudestLately } from "./level";

describe("the level of a microphone", () => {
  test("is linear in decibels between -60 and 0", () => {
    expect(levelOf(1)).toBe(1);
    expect(levelOf(10 ** (-30 / 20))).toBeCloseTo(0.5);
    expect(levelOf(0)).toBe(0);
    expect(levelOf(0.0001)).toBe(0);
  });

  test.each([
    [-70, "silent"],
    [-40, "quiet"],
    [-20, "good"],
    [-3, "loud"],
  ] as const)("of %d dBFS is %s", (decibels, word) => {
    expect(judgeLevel(levelOf(10 ** (decibels / 20)))).toBe(word);
  });

  test("is remembered through the pauses of speech and then forgotten", () => {
    const lately = new LoudestLately();
    expect(lately.hear(0.7, 0)).toBe(0.7);
    expect(lately.hear(0.1, 2_000)).toBe(0.7);
    expect(lately.hear(0.2, 3_100)).toBe(0.2);
  });
});
