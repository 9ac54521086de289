// Step 1: what it is about, when, in which languages, and what the announcement says.
import { useState } from "react";

import type { Language, Text } from "../../../api/contract";
import { LANGUAGES } from "../../../api/contract";
import { wallIn } from "../../../i18n/dates";
import { NumberField, SelectField, Switch } from "../../../ui/choices";
import { DateField, HourField } from "../../../ui/DateField";
import { FieldGroup } from "../../../ui/Field";
import { LANGUAGE_NAMES } from "../../../ui/LanguageSwitch";
import { Button } from "../../../ui/parts";
import { TextField, TextInLanguages } from "../../../ui/TextField";
import { useCabinet } from "../cabinet";
import styles from "./plan.module.css";
import type { Substance } from "./plan";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";
import { zonesWith } from "./zones";

const KINDS = ["ceremony", "work", "ceremony_and_work"] as const;
const ORDINAL_MAX = 100_000;
const orNull = (text: Text): Text | null => (Object.keys(text).length > 0 ? text : null);

export function SubstanceStep() {
  const t = usePlanWords();
  const { nowMs } = useCabinet();
  const { steps, state, languages, write, field } = usePlan();
  const { substance } = steps;
  const set = <K extends keyof Substance>(key: K, value: Substance[K]): void => write(["substance", key], value);
  const isAnnounced = state.whole.answer.announced_at !== null;
  const today = wallIn(substance.zone, nowMs()).day;
  return (
    <div className={styles.form}>
      <section className={styles.panel}>
        <h2>{t("substance.what")}</h2>
        <SelectField label={t("substance.kind")} value={substance.kind} choices={KINDS.map((value) => ({ value, words: t(`kind.${value}`) }))} onChange={(kind) => set("kind", kind)} {...field("substance", "kind")} />
        <TextInLanguages label={t("substance.title")} value={substance.title} onChange={(title) => set("title", title)} languages={languages} {...field("substance", "title")} />
        <TextInLanguages label={t("substance.shortTitle")} hint={t("substance.shortTitleHint")} value={substance.short_title ?? {}} onChange={(words) => set("short_title", orNull(words))} languages={languages} {...field("substance", "short_title")} />
        {substance.ordinal !== null && <NumberField label={t("substance.ordinal")} value={substance.ordinal} min={1} max={ORDINAL_MAX} onChange={(ordinal) => set("ordinal", ordinal)} {...field("substance", "ordinal")} />}
      </section>
      <section className={styles.panel}>
        <h2>{t("substance.whenTitle")}</h2>
        {isAnnounced && <p className={styles.quiet}>{t("substance.announcedHint")}</p>}
        <fieldset className={styles.three} disabled={isAnnounced}>
          <DateField label={t("substance.day")} value={substance.day} onChange={(day) => set("day", day)} today={today} {...field("substance", "day")} />
          <HourField label={t("substance.starts")} value={substance.starts} onChange={(starts) => set("starts", starts)} {...field("substance", "starts")} />
          <HourField label={t("substance.ends")} value={substance.ends} onChange={(ends) => set("ends", ends)} {...field("substance", "ends")} />
        </fieldset>
        <SelectField label={t("substance.zone")} hint={t("substance.zoneHint")} value={substance.zone} choices={zonesWith(substance.zone)} onChange={(zone) => set("zone", zone)} isDisabled={isAnnounced} {...field("substance", "zone")} />
      </section>
      <LanguagesPanel />
      <section className={styles.panel}>
        <h2>{t("substance.announcement")}</h2>
        <TextInLanguages label={t("substance.lead")} hint={t("substance.leadHint")} value={substance.lead ?? {}} onChange={(lead) => set("lead", orNull(lead))} languages={languages} {...field("substance", "lead")} />
        <Background />
        <TextField label={t("substance.contact")} hint={t("substance.contactHint")} type="email" value={substance.contact ?? ""} onChange={(contact) => set("contact", contact.trim() || null)} {...field("substance", "contact")} />
      </section>
    </div>
  );
}

function LanguagesPanel() {
  const t = usePlanWords();
  const { steps, write, field } = usePlan();
  const { language, languages } = steps.substance;
  const toggle = (one: Language, isOn: boolean): void => write(["substance", "languages"], LANGUAGES.filter((known) => (known === one ? isOn : languages.includes(known))));
  const speak = (own: Language): void => {
    if (!languages.includes(own)) write(["substance", "languages"], LANGUAGES.filter((known) => known === own || languages.includes(known)));
    write(["substance", "language"], own);
  };
  return (
    <section className={styles.panel}>
      <h2>{t("substance.languages")}</h2>
      <SelectField label={t("substance.language")} hint={t("substance.languageHint")} value={language} choices={LANGUAGES.map((value) => ({ value, words: LANGUAGE_NAMES[value].full }))} onChange={speak} {...field("substance", "language")} />
      <FieldGroup label={t("substance.offered")} {...field("substance", "languages")}>
        <div className={styles.switches}>
          {LANGUAGES.map((one) => (
            <Switch key={one} label={LANGUAGE_NAMES[one].full} isOn={languages.includes(one)} isDisabled={one === language} onChange={(isOn) => toggle(one, isOn)} />
          ))}
        </div>
      </FieldGroup>
    </section>
  );
}

function Background() {
  const t = usePlanWords();
  const { steps, languages, write, field } = usePlan();
  const { background } = steps.substance;
  // A paragraph without words is no paragraph: it becomes one with its first letter.
  const [isAdding, setAdding] = useState(background.length === 0);
  const put = (paragraphs: readonly Text[]): void => write(["substance", "background"], paragraphs);
  const change = (index: number, words: Text): void => {
    const isEmpty = Object.keys(words).length === 0;
    setAdding(isEmpty);
    put(isEmpty ? background.filter((_, at) => at !== index) : [...background.slice(0, index), words, ...background.slice(index + 1)]);
  };
  return (
    <>
      {[...background, ...(isAdding ? [{}] : [])].map((paragraph, index) => (
        <TextInLanguages
          key={index}
          label={t("substance.paragraph", { number: index + 1 })}
          hint={index === 0 ? t("substance.paragraphHint") : undefined}
          value={paragraph}
          onChange={(words) => change(index, words)}
          languages={languages}
          action={index < background.length && <Button isSmall look="quiet" onClick={() => put(background.filter((_, at) => at !== index))}>{t("substance.removeParagraph")}</Button>}
          {...(index === 0 ? field("substance", "background") : {})}
        />
      ))}
      {!isAdding && <Button icon="plus" className={styles.start} onClick={() => setAdding(true)}>{t("substance.addParagraph")}</Button>}
    </>
  );
}
