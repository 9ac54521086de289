// The programme against the clock, as it is typed: when each item begins, when all is over, whose time it is. The server says
// the same of what is saved; here it is said of what is not saved yet.
import { hourOf, minutesOf } from "../../../i18n/dates";
import type { Item, Substance } from "./plan";

export interface Sums {
  readonly minutes: number;
  /** Of each item; null while the hour is not settled. */
  readonly starts: readonly (string | null)[];
  readonly ends: string | null;
  /** Minutes after the planned end; negative: before it; null where there is nothing to compare with. */
  readonly over: number | null;
  readonly bySide: ReadonlyMap<string, number>;
  /** Items of all sides. */
  readonly together: number;
}

const MINUTES_IN_DAY = 1_440;
export const minutesIn = (item: Pick<Item, "seconds">): number => Math.ceil(item.seconds / 60);

/** From the beginning to the planned end; an end on another day is that many days later. */
function plannedMinutes({ day, ends_day, starts, ends }: Substance): number | null {
  if (!starts || !ends) return null;
  const days = day && ends_day ? Math.round((Date.parse(ends_day) - Date.parse(day)) / (MINUTES_IN_DAY * 60_000)) : 0;
  return days * MINUTES_IN_DAY + minutesOf(ends) - minutesOf(starts);
}

export function sumsOf(substance: Substance, items: readonly Item[]): Sums {
  const seconds = items.reduce((sum, item) => sum + item.seconds, 0);
  const minutes = Math.ceil(seconds / 60);
  const before = items.map((_, index) => items.slice(0, index).reduce((sum, item) => sum + item.seconds, 0));
  const { starts } = substance;
  const spoken = items.filter(({ kind }) => kind !== "break");
  const bySide = new Map<string, number>();
  for (const item of spoken) if (item.side) bySide.set(item.side, (bySide.get(item.side) ?? 0) + item.seconds / 60);
  const planned = plannedMinutes(substance);
  return {
    minutes,
    starts: before.map((passed) => (starts ? hourOf(minutesOf(starts) + Math.floor(passed / 60)) : null)),
    ends: starts ? hourOf(minutesOf(starts) + minutes) : null,
    over: planned === null ? null : minutes - planned,
    bySide,
    together: spoken.filter(({ side }) => !side).reduce((sum, item) => sum + item.seconds / 60, 0),
  };
}

/** Marks under the ribbon at round half-hours, with their place in percent of all minutes. */
export function rulerOf(starts: string, minutes: number): readonly { readonly hour: string; readonly percent: number }[] {
  const STEP = minutes > 240 ? 60 : 30;
  const first = Math.ceil(minutesOf(starts) / STEP) * STEP;
  const marks: { hour: string; percent: number }[] = [];
  for (let at = first; at < minutesOf(starts) + minutes; at += STEP) marks.push({ hour: hourOf(at), percent: ((at - minutesOf(starts)) / minutes) * 100 });
  return marks;
}
