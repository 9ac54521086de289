import { describe, expect, test } from "vitest";

import { conflictsAt, problemAt, serverField } from "./fields";
import type { PlanSteps } from "./plan";

const STEPS = {
  substance: { title: { ru: "День" } },
  sides: [{ id: "side-1", sites: [{ id: "minsk" }, { id: "brest" }] }],
  roster: [{ id: "a" }, { id: "b" }],
  programme: [{ id: "i1" }],
  access: {},
} as unknown as PlanSteps;

describe("names of fields", () => {
  test.each([
    [["substance", "title"], "title"],
    [["roster", "b", "email"], "roster[1].email"],
    [["sides", "side-1", "sites", "brest", "address"], "sides[0].sites[1].address"],
    [["programme", "i1", "title"], "agenda[0].title"],
    [["access", "retention_days"], "retention_days"],
  ])("%j is %s to the server", (path, field) => expect(serverField(path, STEPS)).toBe(field));

  test("a refusal is found at its field, whoever refused it", () => {
    expect(problemAt(["roster", "b", "email"], STEPS, { roster: { "body.roster.1.email": "string_pattern_mismatch" } })).toBe("string_pattern_mismatch");
    expect(problemAt(["roster", "b", "role"], STEPS, { roster: { "roster[1].role": "second_co_chair" } })).toBe("second_co_chair");
    expect(problemAt(["roster", "a", "role"], STEPS, { roster: { "roster[1].role": "second_co_chair" } })).toBeNull();
    expect(problemAt(["substance", "ends"], STEPS, { substance: { ends_at: "end_before_start" } })).toBe("end_before_start");
    expect(problemAt(["programme", "i1", "seconds"], STEPS, { programme: { "agenda[0].length": "out_of_range" } })).toBe("out_of_range");
    expect(problemAt(["substance", "title"], STEPS, { substance: { "title.ru": "words that cannot be printed" } })).not.toBeNull();
  });

  test("a conflict of one language is the field's", () => {
    const conflict = { path: ["substance", "title", "ru"], theirs: "Его" };
    expect(conflictsAt(["substance", "title"], [conflict])).toEqual([conflict]);
    expect(conflictsAt(["substance", "lead"], [conflict])).toEqual([]);
  });
});
