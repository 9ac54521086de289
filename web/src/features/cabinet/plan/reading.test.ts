import { describe, expect, test } from "vitest";

import type { ReadRowShape } from "../../../api/shapes";
import type { Side } from "./plan";
import { canBeTaken, piecesOf, readingsOf, takenLines } from "./reading";

const SIDES = [{ id: "side-1", sites: [{ id: "minsk" }] }, { id: "side-2", sites: [{ id: "kursk" }] }] as unknown as readonly Side[];
const aRow = (change: Partial<ReadRowShape> = {}): ReadRowShape => ({
  number: 1, part: "", source: "Попков Сергей, министр", kind: "person", confidence: "certain", doubts: [], pieces: [],
  name: { forms: { ru: { surname: "Попков", given: "Сергей", patronymic: "" }, be: { surname: "Папкоў", given: "Сяргей", patronymic: "" } }, doubtful: ["be"] },
  post: { ru: "министр" }, organisation: null, side: "side-1", site: null, role: "participant", count: 1, seat: null, email: null, note: null, has_others: false, allows_publication: true, twins: [], ...change,
});
const read = (row: ReadRowShape) => readingsOf([row], SIDES, ["ru", "be"], "ru")[0];

describe("a list that was read", () => {
  test("a person becomes a line with the name in every language of the meeting", () => {
    expect(read(aRow())?.line).toMatchObject({ side: "side-1", site: "minsk", full_name: { surname: { ru: "Попков", be: "Папкоў" }, given: { ru: "Сергей", be: "Сяргей" }, patronymic: null }, post: { ru: "министр" } });
  });

  test("a counted group becomes a group", () => {
    const line = read(aRow({ kind: "group", name: null, post: { ru: "ветераны" }, count: 12 }))?.line;
    expect(line).toMatchObject({ count: 12, full_name: null, post: { ru: "ветераны" } });
  });

  test("somebody who is in the roster already is shown and not taken twice", () => {
    const twin = aRow({ twins: [{ likeness: "same", row: null, participation: "popkov" }] });
    expect(read(twin)?.isTaken).toBe(false);
  });

  test("a line that was not understood keeps its words and waits for a person", () => {
    const reading = read(aRow({ kind: "unclear", name: null, post: null, source: "?? и прочее" }));
    expect(reading).toMatchObject({ isTaken: false, line: { post: { ru: "?? и прочее" } } });
  });

  test("a heading is shown and becomes nobody", () => expect(takenLines(readingsOf([aRow({ kind: "heading", name: null, post: null })], SIDES, ["ru"], "ru"))).toEqual([]));

  test("a name without a post waits for the post", () => {
    const reading = read(aRow({ post: null }));
    expect(reading && canBeTaken(reading)).toBe(false);
    expect(takenLines(reading ? [reading] : [])).toEqual([]);
  });

  test("the source is shown whole, each piece with what it became", () => {
    const row = aRow({ pieces: [{ start: 15, end: 22, field: "post", confidence: "doubtful" }, { start: 0, end: 13, field: "name", confidence: "certain" }] });
    const pieces = piecesOf(row);
    expect(pieces.map(({ words }) => words).join("")).toBe(row.source);
    expect(pieces.filter(({ field }) => field).map(({ field, isDoubtful }) => [field, isDoubtful])).toEqual([["name", false], ["post", true]]);
  });
});
