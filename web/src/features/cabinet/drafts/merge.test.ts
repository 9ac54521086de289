import { describe, expect, test } from "vitest";

import { isUnder, merge, readAt, writeAt, type Json } from "./merge";

const BASE = {
  title: { ru: "День единения", be: "Дзень яднання" },
  minutes: 90,
  rows: [
    { id: "a", name: "Попков" },
    { id: "b", name: "Криволапов" },
    { id: "c", name: "Ветрова" },
  ],
};
const row = (id: string, name: string): Json => ({ id, name });

describe("two people in one meeting", () => {
  test("what only one of them changed is taken from each", () => {
    const merged = merge(BASE, { ...BASE, minutes: 95 }, { ...BASE, title: { ...BASE.title, be: "Дзень яднання народаў" } });
    expect(merged).toEqual({ value: { ...BASE, minutes: 95, title: { ru: "День единения", be: "Дзень яднання народаў" } }, conflicts: [] });
  });

  test("different languages of one text are different fields", () => {
    const merged = merge(BASE, { ...BASE, title: { ...BASE.title, ru: "А" } }, { ...BASE, title: { ...BASE.title, be: "Б", en: "C" } });
    expect(merged.value).toMatchObject({ title: { ru: "А", be: "Б", en: "C" } });
    expect(merged.conflicts).toEqual([]);
  });

  test("where both wrote, the own words stay and the other's are kept to be shown", () => {
    const merged = merge(BASE, { ...BASE, minutes: 95 }, { ...BASE, minutes: 100 });
    expect(merged.value).toMatchObject({ minutes: 95 });
    expect(merged.conflicts).toEqual([{ path: ["minutes"], theirs: 100 }]);
  });

  test("the same change made twice is no conflict", () => {
    expect(merge(BASE, { ...BASE, minutes: 95 }, { ...BASE, minutes: 95 }).conflicts).toEqual([]);
  });

  test("rows added by both are both there, each behind the row it was put after", () => {
    const merged = merge(BASE.rows, [row("a", "Попков"), row("x", "Мой"), row("b", "Криволапов"), row("c", "Ветрова")], [...BASE.rows, row("y", "Его")]);
    expect((merged.value as { id: string }[]).map(({ id }) => id)).toEqual(["a", "x", "b", "c", "y"]);
    expect(merged.conflicts).toEqual([]);
  });

  test("one reorders while the other corrects a name", () => {
    const merged = merge(BASE.rows, [row("c", "Ветрова"), row("a", "Попков"), row("b", "Криволапов")], [row("a", "Попков С."), row("b", "Криволапов"), row("c", "Ветрова")]);
    expect(merged.value).toEqual([row("c", "Ветрова"), row("a", "Попков С."), row("b", "Криволапов")]);
    expect(merged.conflicts).toEqual([]);
  });

  test("the other's order is taken when it is the only new one", () => {
    const merged = merge(BASE.rows, [row("a", "Попков С."), row("b", "Криволапов"), row("c", "Ветрова")], [row("c", "Ветрова"), row("b", "Криволапов"), row("a", "Попков")]);
    expect(merged.value).toEqual([row("c", "Ветрова"), row("b", "Криволапов"), row("a", "Попков С.")]);
  });

  test("a row that one took away and the other left alone is gone", () => {
    expect(merge(BASE.rows, BASE.rows, BASE.rows.slice(1)).value).toEqual(BASE.rows.slice(1));
  });

  test("a row that one took away while the other wrote in it stays, and that is said", () => {
    const mine = [row("a", "Попков Сергей"), row("b", "Криволапов"), row("c", "Ветрова")];
    const merged = merge(BASE.rows, mine, BASE.rows.slice(1));
    expect(merged.value).toContainEqual(row("a", "Попков Сергей"));
    expect(merged.conflicts).toEqual([{ path: ["a"], theirs: undefined }]);
  });

  test("a row that I took away and the other wrote in is not lost either: it is said", () => {
    const merged = merge(BASE.rows, BASE.rows.slice(1), [row("a", "Попков Сергей"), ...BASE.rows.slice(1)]);
    expect(merged.conflicts).toEqual([{ path: ["a"], theirs: row("a", "Попков Сергей") }]);
  });
});

describe("places in a value", () => {
  test("rows are found by their id, wherever they stand", () => {
    expect(readAt(BASE, ["rows", "b", "name"])).toBe("Криволапов");
    expect(readAt(BASE, ["rows", "z", "name"])).toBeUndefined();
  });

  test("writing changes that place and no other", () => {
    expect(writeAt(BASE, ["rows", "b", "name"], "К.")).toEqual({ ...BASE, rows: [BASE.rows[0], row("b", "К."), BASE.rows[2]] });
    expect(writeAt(BASE, ["title", "en"], "Unity Day")).toMatchObject({ title: { ru: "День единения", en: "Unity Day" } });
  });

  test("writing nothing takes the thing away, and a missing row comes back whole", () => {
    expect(writeAt(BASE, ["rows", "a"], undefined)).toEqual({ ...BASE, rows: BASE.rows.slice(1) });
    expect(readAt(writeAt({ rows: [] }, ["rows", "a"], row("a", "Попков")), ["rows", "a", "name"])).toBe("Попков");
    expect(writeAt(BASE, ["title", "be"], undefined)).toMatchObject({ title: { ru: "День единения" } });
  });

  test("a place is under its roots and not under its neighbours", () => {
    expect(isUnder(["rows", "a", "name"], ["rows", "a"])).toBe(true);
    expect(isUnder(["rows", "ab"], ["rows", "a"])).toBe(false);
  });
});
