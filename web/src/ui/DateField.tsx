// A day and an hour, typed or chosen, in our own words: the platform's own date field speaks the browser's language, and no
// browser speaks Belarusian. What cannot be read stays as it was typed and is said under the field.
import { useEffect, useRef, useState } from "react";

import { addDays, addMonths, dayAndYear, DAYS_IN_WEEK, monthAndYear, readDay, readHour, weekday, weekdays, weekdaysShort, weeksOf, writeDay } from "../i18n/dates";
import { useLanguage } from "../i18n/LanguageContext";
import { Field, type FieldProps } from "./Field";
import styles from "./fields.module.css";
import { Button, Icon } from "./parts";
import { usePopover } from "./usePopover";
import { useUiWords } from "./words";

interface DateFieldProps extends FieldProps {
  /** `2026-04-01`; null while nobody knows. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  /** Where the calendar opens when there is no day yet. */
  readonly today: string;
}

export function DateField({ value, onChange, today, ...field }: DateFieldProps) {
  const t = useUiWords();
  const { language } = useLanguage();
  const [typed, setTyped] = useState<string | null>(null);
  const place = useRef<HTMLSpanElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const popover = usePopover(place, opener);
  const isUnread = typed !== null && typed.trim() !== "" && readDay(typed) === null;
  const type = (words: string): void => {
    setTyped(words);
    const day = readDay(words);
    if (day !== null || words.trim() === "") onChange(day);
  };
  const choose = (day: string): void => {
    setTyped(null);
    onChange(day);
    popover.close();
  };
  return (
    <Field {...field} error={field.error ?? (isUnread ? t("date.unread") : undefined)} hint={field.hint ?? (value ? `${weekday(value, language)}, ${dayAndYear(value, language)}` : t("date.form"))}>
      {(control) => (
        <span className={styles.withButton} ref={place}>
          <input
            {...control}
            className={styles.control}
            inputMode="numeric"
            autoComplete="off"
            value={typed ?? (value ? writeDay(value) : "")}
            onChange={(event) => type(event.target.value)}
            onBlur={() => !isUnread && setTyped(null)}
          />
          <button type="button" ref={opener} aria-label={t("date.open", { what: field.label })} aria-expanded={popover.isOpen} onClick={popover.isOpen ? popover.close : popover.open}>
            <Icon name="calendar-days" />
          </button>
          {popover.isOpen && <Calendar value={value} today={today} onChoose={choose} label={field.label} />}
        </span>
      )}
    </Field>
  );
}

/** A month of days: arrows lead by a day and a week, Page Up and Down by a month, Home and End to the ends of the week. */
function Calendar({ value, today, onChoose, label }: { value: string | null; today: string; onChoose: (day: string) => void; label: string }) {
  const t = useUiWords();
  const { language } = useLanguage();
  const [shown, setShown] = useState(value ?? today);
  const grid = useRef<HTMLTableElement>(null);
  const hasMoved = useRef(true);
  useEffect(() => {
    if (hasMoved.current) grid.current?.querySelector<HTMLElement>("button[tabindex='0']")?.focus();
    hasMoved.current = false;
  }, [shown]);
  const lead = (event: React.KeyboardEvent): void => {
    const index = (weeksOf(shown).flat().indexOf(shown)) % DAYS_IN_WEEK;
    const target = {
      ArrowLeft: addDays(shown, -1),
      ArrowRight: addDays(shown, 1),
      ArrowUp: addDays(shown, -DAYS_IN_WEEK),
      ArrowDown: addDays(shown, DAYS_IN_WEEK),
      PageUp: addMonths(shown, -1),
      PageDown: addMonths(shown, 1),
      Home: addDays(shown, -index),
      End: addDays(shown, DAYS_IN_WEEK - 1 - index),
    }[event.key];
    if (!target) return;
    event.preventDefault();
    hasMoved.current = true;
    setShown(target);
  };
  return (
    <span className={styles.popover} role="dialog" aria-label={label}>
      <span className={styles.calendarHead}>
        <Button isSmall look="quiet" aria-label={t("date.monthBefore")} onClick={() => setShown(addMonths(shown, -1))}><Icon name="chevron-left" size="s" /></Button>
        <span aria-live="polite">{monthAndYear(shown, language)}</span>
        <Button isSmall look="quiet" aria-label={t("date.monthAfter")} onClick={() => setShown(addMonths(shown, 1))}><Icon name="chevron-right" size="s" /></Button>
      </span>
      <table ref={grid} className={styles.calendar} role="grid" onKeyDown={lead}>
        <thead>
          <tr>
            {weekdaysShort(language).map((short, index) => (
              <th key={short} scope="col" abbr={weekdays(language)[index]}>{short}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(shown).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day} role="gridcell" aria-selected={day === value}>
                  <button
                    type="button"
                    tabIndex={day === shown ? 0 : -1}
                    data-other={day.slice(0, 7) !== shown.slice(0, 7) || undefined}
                    aria-current={day === today ? "date" : undefined}
                    aria-label={`${dayAndYear(day, language)}, ${weekday(day, language)}`}
                    onClick={() => onChoose(day)}
                  >
                    {Number(day.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </span>
  );
}

interface HourFieldProps extends FieldProps {
  /** `11:00`; null while nobody knows. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

export function HourField({ value, onChange, ...field }: HourFieldProps) {
  const t = useUiWords();
  const [typed, setTyped] = useState<string | null>(null);
  const isUnread = typed !== null && typed.trim() !== "" && readHour(typed) === null;
  return (
    <Field {...field} error={field.error ?? (isUnread ? t("date.hourUnread") : undefined)} hint={field.hint ?? t("date.hourForm")}>
      {(control) => (
        <input
          {...control}
          className={styles.control}
          inputMode="numeric"
          autoComplete="off"
          value={typed ?? value ?? ""}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => {
            if (typed === null || isUnread) return;
            onChange(readHour(typed));
            setTyped(null);
          }}
        />
      )}
    </Field>
  );
}
