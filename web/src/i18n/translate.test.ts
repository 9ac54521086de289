import { describe, expect, test } from "vitest";

import { chooseText } from "./LanguageContext";
import { translator } from "./translate";

const russian = { door: { open: "Открыто для {{name}}", guests_one: "{{count}} гость", guests_few: "{{count}} гостя", guests_many: "{{count}} гостей", guests_other: "{{count}} гостя" } };
const t = translator({ ru: russian, be: russian, en: russian }, "ru");

describe("words of the interface", () => {
  test.each([
    [1, "1 гость"],
    [2, "2 гостя"],
    [5, "5 гостей"],
    [11, "11 гостей"],
    [21, "21 гость"],
    [1.5, "1.5 гостя"],
  ])("count %d in Russian", (count, words) => {
    expect(t("door.guests", { count })).toBe(words);
  });

  test("put values in their places and leave a place without a value visible", () => {
    expect(t("door.open", { name: "Ольги" })).toBe("Открыто для Ольги");
    expect(t("door.open")).toBe("Открыто для {{name}}");
  });
});

describe("words of people", () => {
  test("are shown in the wanted language, else in one that has them, with its name", () => {
    expect(chooseText({ ru: "Минск", be: "Мінск" }, "be")).toEqual({ words: "Мінск", language: "be" });
    expect(chooseText({ ru: "Минск" }, "en")).toEqual({ words: "Минск", language: "ru" });
    expect(chooseText({}, "en")).toEqual({ words: "", language: "en" });
  });
});
