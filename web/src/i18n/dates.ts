// Days and hours as people write them, from tables of our own: browsers carry no Belarusian dates (Chromium writes them in
// English). A day is `2026-04-01`, an hour `11:00`, both as the server writes them; what a person typed is read leniently.
import type { Language } from "../api/contract";

interface Names {
  /** As they follow a number: "1 апреля". */
  readonly monthsOf: readonly string[];
  readonly months: readonly string[];
  /** Monday first. */
  readonly weekdays: readonly string[];
  readonly weekdaysShort: readonly string[];
  readonly year: (year: number) => string;
}

const SPACE = "\u00A0";
const NAMES: Record<Language, Names> = {
  be: {
    monthsOf: ["студзеня", "лютага", "сакавіка", "красавіка", "мая", "чэрвеня", "ліпеня", "жніўня", "верасня", "кастрычніка", "лістапада", "снежня"],
    months: ["студзень", "люты", "сакавік", "красавік", "май", "чэрвень", "ліпень", "жнівень", "верасень", "кастрычнік", "лістапад", "снежань"],
    weekdays: ["панядзелак", "аўторак", "серада", "чацвер", "пятніца", "субота", "нядзеля"],
    weekdaysShort: ["пн", "аў", "ср", "чц", "пт", "сб", "нд"],
    year: (year) => `${year}${SPACE}г.`,
  },
  ru: {
    monthsOf: ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"],
    months: ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"],
    weekdays: ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"],
    weekdaysShort: ["пн", "вт", "ср", "чт", "пт", "сб", "вс"],
    year: (year) => `${year}${SPACE}г.`,
  },
  en: {
    monthsOf: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    weekdaysShort: ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
    year: String,
  },
};

export const DAYS_IN_WEEK = 7;
const DAY_MS = 86_400_000;

/** Noon in UTC: far from every edge of a day. */
const noonOf = (day: string): Date => new Date(`${day}T12:00:00Z`);
const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

export const isDay = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(noonOf(value).getTime()) && dayOf(noonOf(value)) === value;

const at = (names: readonly string[], index: number): string => names[index] ?? "";
const weekdayIndex = (day: string): number => (noonOf(day).getUTCDay() + 6) % DAYS_IN_WEEK;

/** "1 апреля", "1 красавіка", "1 April". */
export const dayAndMonth = (day: string, language: Language): string => `${noonOf(day).getUTCDate()}${SPACE}${at(NAMES[language].monthsOf, noonOf(day).getUTCMonth())}`;

/** "1 апреля 2026 г." */
export const dayAndYear = (day: string, language: Language): string => `${dayAndMonth(day, language)} ${NAMES[language].year(noonOf(day).getUTCFullYear())}`;

/** The year is said only where it is not this one. */
export const dayNear = (day: string, today: string, language: Language): string =>
  day.slice(0, 4) === today.slice(0, 4) ? dayAndMonth(day, language) : dayAndYear(day, language);

export const weekday = (day: string, language: Language): string => at(NAMES[language].weekdays, weekdayIndex(day));
export const weekdaysShort = (language: Language): readonly string[] => NAMES[language].weekdaysShort;
export const weekdays = (language: Language): readonly string[] => NAMES[language].weekdays;

/** "апрель 2026": the head of a calendar. */
export const monthAndYear = (day: string, language: Language): string => `${at(NAMES[language].months, noonOf(day).getUTCMonth())} ${noonOf(day).getUTCFullYear()}`;

export const addDays = (day: string, days: number): string => dayOf(new Date(noonOf(day).getTime() + days * DAY_MS));

export const daysBetween = (from: string, to: string): number => Math.round((noonOf(to).getTime() - noonOf(from).getTime()) / DAY_MS);

/** The same date of another month, or its last day where the month is shorter. */
export function addMonths(day: string, months: number): string {
  const moment = noonOf(day);
  const first = Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + months, 1, 12);
  const lastDate = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + months + 1, 0, 12)).getUTCDate();
  return dayOf(new Date(first + (Math.min(moment.getUTCDate(), lastDate) - 1) * DAY_MS));
}

/** Whole weeks around the month of a day, Monday first. */
export function weeksOf(day: string): readonly (readonly string[])[] {
  const first = `${day.slice(0, 8)}01`;
  const weeks: string[][] = [];
  for (let monday = addDays(first, -weekdayIndex(first)); weeks.length === 0 || monday.slice(0, 7) === day.slice(0, 7); monday = addDays(monday, DAYS_IN_WEEK)) {
    weeks.push(Array.from({ length: DAYS_IN_WEEK }, (_, index) => addDays(monday, index)));
  }
  return weeks;
}

const two = (value: number | string): string => String(value).padStart(2, "0");

/** How a day is typed: "01.04.2026". */
export const writeDay = (day: string): string => (isDay(day) ? `${day.slice(8)}.${day.slice(5, 7)}.${day.slice(0, 4)}` : day);

/** A typed day: "1.4.2026", "01/04/26", "2026-04-01"; null for anything else and for days that no calendar has. */
export function readDay(typed: string): string | null {
  const words = typed.trim();
  const parts = /^(\d{1,2})[./\-\s](\d{1,2})[./\-\s](\d{4}|\d{2})$/.exec(words);
  const [, date = "", month = "", year = ""] = parts ?? [];
  const day = parts ? `${year.length === 2 ? `20${year}` : year}-${two(month)}-${two(date)}` : words;
  return isDay(day) ? day : null;
}

/** A typed hour: "11", "9:05", "1130", "11.30"; null for anything else. */
export function readHour(typed: string): string | null {
  const parts = /^(\d{1,2})(?:[:.\-\s]?(\d{2}))?$/.exec(typed.trim());
  if (!parts) return null;
  const [, hours = "", minutes = "00"] = parts;
  return Number(hours) < 24 && Number(minutes) < 60 ? `${two(hours)}:${minutes}` : null;
}

const HOUR_FORMATS = new Map<string, Intl.DateTimeFormat>();
/** Digits of a moment in a zone; digits need no browser's knowledge of a language. */
function formatIn(zone: string): Intl.DateTimeFormat {
  const known = HOUR_FORMATS.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  HOUR_FORMATS.set(zone, made);
  return made;
}

/** The day and the hour on the wall of a place. */
export function wallIn(zone: string, timeMs: number): { readonly day: string; readonly hour: string } {
  const parts = Object.fromEntries(formatIn(zone).formatToParts(timeMs).map(({ type, value }) => [type, value]));
  return { day: `${parts["year"]}-${parts["month"]}-${parts["day"]}`, hour: `${parts["hour"]}:${parts["minute"]}` };
}

/** The moment when the wall of a place shows a day and an hour. An hour that spring skips becomes the one after it. */
export function momentIn(zone: string, day: string, hour: string): number {
  const asIfUtc = Date.parse(`${day}T${hour}:00Z`);
  const shownAt = (guess: number): number => {
    const wall = wallIn(zone, guess);
    return Date.parse(`${wall.day}T${wall.hour}:00Z`);
  };
  const guess = asIfUtc - (shownAt(asIfUtc) - asIfUtc);
  return guess - (shownAt(guess) - asIfUtc);
}

/** "30 марта, 16:20" by the wall of a place. */
export function dayAndHour(timeMs: number, zone: string, language: Language): string {
  const wall = wallIn(zone, timeMs);
  return `${dayAndMonth(wall.day, language)}, ${wall.hour}`;
}

/** Minutes after midnight and back: the arithmetic of a programme's hours. */
export const minutesOf = (hour: string): number => Number(hour.slice(0, 2)) * 60 + Number(hour.slice(3, 5));
export const hourOf = (minutes: number): string => `${two(Math.floor((((minutes % 1440) + 1440) % 1440) / 60))}:${two(((minutes % 60) + 60) % 60)}`;
