import { describe, expect, test } from "vitest";

import { isNameless, listedName, numbersOf, spokenName } from "./people";
import { newGroup, newLine, type Side } from "./plan";

const SIDE = { id: "side-1", sites: [] } as unknown as Side;
const name = { surname: { ru: "Попков", be: "Папкоў" }, given: { ru: "Сергей" }, patronymic: null };

describe("people of the roster", () => {
  test("are listed by surname and said by given name, each language by itself", () => {
    const line = { ...newLine(SIDE), full_name: name };
    expect(listedName(line)).toEqual({ ru: "Попков Сергей", be: "Папкоў" });
    expect(spokenName(line)).toEqual({ ru: "Сергей Попков", be: "Папкоў" });
  });

  test("a name that was corrected for the air stays as it was written", () => {
    expect(spokenName({ ...newLine(SIDE), full_name: name, name: { ru: "С. Попков" } })).toEqual({ ru: "С. Попков" });
  });

  test("a person without a name is known by the post, and a group lacks none", () => {
    expect(isNameless(newLine(SIDE))).toBe(true);
    expect(isNameless(newGroup(SIDE))).toBe(false);
  });

  test("a counted group takes as many numbers as it has people", () => {
    expect(numbersOf([newLine(SIDE), { ...newGroup(SIDE), count: 13 }, newLine(SIDE), newGroup(SIDE)])).toEqual(["1", "2–14", "15", "16"]);
  });
});
