import { describe, expect, test } from "vitest";

import { leadBy, leadTo, moveTo, placeUnder, take } from "./reorder";

const ORDER = ["a", "b", "c", "d"];

describe("leading a row to another place", () => {
  test("the others keep their order", () => {
    expect(moveTo(ORDER, 0, 2)).toEqual(["b", "c", "a", "d"]);
    expect(moveTo(ORDER, 3, 0)).toEqual(["d", "a", "b", "c"]);
  });

  test("it does not leave the list at either end", () => {
    expect(leadBy(take(ORDER, "a"), -1).order).toEqual(ORDER);
    expect(leadBy(take(ORDER, "d"), 5).order).toEqual(ORDER);
    expect(leadTo(take(ORDER, "b"), 99).order).toEqual(["a", "c", "d", "b"]);
  });

  test("the order before is kept to return to, however far it was led", () => {
    const led = leadBy(leadBy(leadBy(take(ORDER, "b"), 1), 1), -1);
    expect(led.order).toEqual(["a", "c", "b", "d"]);
    expect(led.before).toEqual(ORDER);
  });

  test("an unknown row changes nothing", () => expect(moveTo(ORDER, -1, 2)).toEqual(ORDER));

  test("the pointer is between the rows whose middles are above and below it", () => {
    expect(placeUnder(5, [10, 30, 50])).toBe(0);
    expect(placeUnder(35, [10, 30, 50])).toBe(2);
    expect(placeUnder(90, [10, 30, 50])).toBe(3);
  });
});
