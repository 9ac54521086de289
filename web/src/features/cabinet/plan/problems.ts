// Why the server refused a field, as the key of words: its own codes, and those of the shape check.
import type { PlanKey } from "./words";

const KEYS: Readonly<Record<string, PlanKey>> = {
  end_before_start: "problem.endBeforeStart",
  end_without_start: "problem.endWithoutStart",
  hour_without_day: "problem.hourWithoutDay",
  too_long: "problem.tooLong",
  out_of_range: "problem.outOfRange",
  second_leader: "problem.secondLeader",
  second_co_chair: "problem.secondCoChair",
  foreign_hall: "problem.foreignHall",
  unknown_side: "problem.unknownSide",
  group_with_name: "problem.groupWithName",
  group_leads: "problem.groupLeads",
  not_on_roster: "problem.notOnRoster",
  too_many: "problem.tooMany",
  too_many_sites: "problem.tooMany",
  without_own_language: "problem.withoutOwnLanguage",
  string_too_short: "problem.missing",
  missing: "problem.missing",
  value_error: "problem.words",
  string_too_long: "problem.tooManyLetters",
  string_pattern_mismatch: "problem.form",
  moved_by_schedule: "problem.moved",
};

export const problemKey = (code: string): PlanKey => KEYS[code] ?? "problem.other";
