import { describe, expect, test } from "vitest";

import { addDays, addMonths, dayAndHour, dayAndYear, dayNear, daysBetween, hourOf, isDay, minutesOf, momentIn, monthAndYear, readDay, readHour, wallIn, weekday, weeksOf, writeDay } from "./dates";

describe("days as people write them", () => {
  test("the month follows its number in the genitive", () => {
    expect(dayAndYear("2026-04-01", "be")).toBe("1\u00A0красавіка 2026\u00A0г.");
    expect(dayAndYear("2026-04-01", "ru")).toBe("1\u00A0апреля 2026\u00A0г.");
    expect(dayAndYear("2026-04-01", "en")).toBe("1\u00A0April 2026");
  });

  test("a calendar's head names the month in the nominative", () => {
    expect(monthAndYear("2026-02-10", "be")).toBe("люты 2026");
  });

  test("the year is said only where it is another", () => {
    expect(dayNear("2026-04-01", "2026-03-30", "ru")).toBe("1\u00A0апреля");
    expect(dayNear("2027-04-01", "2026-03-30", "ru")).toContain("2027");
  });

  test("the first of April 2016 was a Friday", () => {
    expect(weekday("2016-04-01", "be")).toBe("пятніца");
  });
});

describe("days as people type them", () => {
  test.each([
    ["1.4.2026", "2026-04-01"],
    ["01/04/26", "2026-04-01"],
    ["2026-04-01", "2026-04-01"],
    [" 29.02.2028 ", "2028-02-29"],
  ])("%s is understood", (typed, day) => expect(readDay(typed)).toBe(day));

  test.each(["", "31.04.2026", "29.02.2026", "завтра", "1.4", "0.1.2026"])("%s is refused", (typed) => expect(readDay(typed)).toBeNull());

  test.each([
    ["11", "11:00"],
    ["9:05", "09:05"],
    ["1130", "11:30"],
    ["11.30", "11:30"],
    ["930", "09:30"],
  ])("%s is an hour", (typed, hour) => expect(readHour(typed)).toBe(hour));

  test.each(["24", "11:60", "полдень", "", "12345"])("%s is no hour", (typed) => expect(readHour(typed)).toBeNull());

  test("what is written can be read", () => expect(readDay(writeDay("2026-12-31"))).toBe("2026-12-31"));

  test("a day that no calendar has is none", () => expect(isDay("2026-02-30")).toBe(false));
});

describe("the calendar", () => {
  test("a month is whole weeks from Monday", () => {
    const weeks = weeksOf("2016-04-15");
    expect(weeks[0]?.[0]).toBe("2016-03-28");
    expect(weeks.at(-1)?.at(-1)).toBe("2016-05-01");
    expect(weeks.every((week) => week.length === 7)).toBe(true);
  });

  test("February of four weeks has four", () => expect(weeksOf("2027-02-10")).toHaveLength(4));

  test("a month later never leaves that month", () => {
    expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
    expect(addMonths("2026-01-31", -2)).toBe("2025-11-30");
  });

  test("days are counted over the change of the clocks", () => {
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
  });
});

describe("hours of a place", () => {
  test("the wall of Minsk is three hours ahead", () => {
    expect(wallIn("Europe/Minsk", Date.parse("2016-04-01T08:00:00Z"))).toEqual({ day: "2016-04-01", hour: "11:00" });
    expect(dayAndHour(Date.parse("2016-03-30T13:20:00Z"), "Europe/Minsk", "ru")).toBe("30\u00A0марта, 16:20");
  });

  test.each(["Europe/Minsk", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])("a wall's day and hour in %s lead back to their moment", (zone) => {
    for (const moment of ["2026-01-15T03:30:00Z", "2026-03-29T00:59:00Z", "2026-03-29T01:01:00Z", "2026-07-01T22:15:00Z"].map((text) => Date.parse(text))) {
      const wall = wallIn(zone, moment);
      expect(momentIn(zone, wall.day, wall.hour)).toBe(moment);
    }
  });

  test("a programme's hours go over midnight", () => expect(hourOf(minutesOf("23:50") + 25)).toBe("00:15"));
});
