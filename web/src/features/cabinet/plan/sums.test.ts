import { describe, expect, test } from "vitest";

import { newItem, type Item, type Substance } from "./plan";
import { rulerOf, sumsOf } from "./sums";

const SUBSTANCE = { day: "2016-04-01", ends_day: null, starts: "11:00", ends: "12:30" } as Substance;
const item = (minutes: number, change: Partial<Item> = {}): Item => ({ ...newItem("speech", minutes), ...change });
const PROGRAMME = [item(5), item(7, { side: "minsk" }), item(7, { side: "kursk" }), item(15), item(10, { side: "minsk" }), item(25), item(15), item(5)];

describe("the programme against the clock", () => {
  test("every item begins when those before it are over", () => {
    expect(sumsOf(SUBSTANCE, PROGRAMME).starts).toEqual(["11:00", "11:05", "11:12", "11:19", "11:34", "11:44", "12:09", "12:24"]);
  });

  test("the end is said beside the planned one", () => {
    expect(sumsOf(SUBSTANCE, PROGRAMME)).toMatchObject({ minutes: 89, ends: "12:29", over: -1 });
    expect(sumsOf(SUBSTANCE, [...PROGRAMME, item(10)]).over).toBe(9);
  });

  test("minutes of the sides and of all together add up, breaks apart", () => {
    const sums = sumsOf(SUBSTANCE, [...PROGRAMME, item(20, { kind: "break" })]);
    expect([...sums.bySide]).toEqual([["minsk", 17], ["kursk", 7]]);
    expect(17 + 7 + sums.together + 20).toBe(sums.minutes);
  });

  test("without an hour there are lengths and no hours", () => {
    expect(sumsOf({ ...SUBSTANCE, starts: null }, PROGRAMME)).toMatchObject({ minutes: 89, ends: null, over: null, starts: PROGRAMME.map(() => null) });
  });

  test("an end after midnight is on its own day", () => {
    const night = { ...SUBSTANCE, starts: "23:30", ends: "00:30", ends_day: "2016-04-02" };
    expect(sumsOf(night, [item(45)])).toMatchObject({ over: -15, ends: "00:15" });
  });

  test("the ruler marks round hours inside the programme", () => {
    expect(rulerOf("11:00", 90).map(({ hour }) => hour)).toEqual(["11:00", "11:30", "12:00"]);
    expect(rulerOf("10:50", 60)).toEqual([{ hour: "11:00", percent: (10 / 60) * 100 }, { hour: "11:30", percent: (40 / 60) * 100 }]);
  });
});
