import type { MeetingLine } from "../../../api/shapes";
import { dayNear, daysBetween, wallIn, weekday } from "../../../i18n/dates";
import { useLanguage } from "../../../i18n/LanguageContext";
import { useCabinet } from "../cabinet";

interface When {
  readonly day: string | null;
  readonly weekday: string | null;
  readonly hour: string | null;
  /** From today; negative: it is past. */
  readonly inDays: number | null;
}

/** Day and hour of a meeting by the wall of the office that plans it. */
export function useWhen(): (meeting: Pick<MeetingLine, "day" | "starts_at" | "zone">) => When {
  const { language } = useLanguage();
  const { nowMs } = useCabinet();
  return ({ day, starts_at, zone }) => {
    const today = wallIn(zone, nowMs()).day;
    return {
      day: day && dayNear(day, today, language),
      weekday: day && weekday(day, language),
      hour: starts_at === null ? null : wallIn(zone, starts_at).hour,
      inDays: day ? daysBetween(today, day) : null,
    };
  };
}
