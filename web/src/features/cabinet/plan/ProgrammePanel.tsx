// One item of the programme.
import type { Text } from "../../../api/contract";
import { useLanguage, useText } from "../../../i18n/LanguageContext";
import { NumberField, SelectField, Switch } from "../../../ui/choices";
import { FieldGroup } from "../../../ui/Field";
import { Button } from "../../../ui/parts";
import { TextInLanguages } from "../../../ui/TextField";
import { ITEM_KINDS, USUAL_MINUTES } from "./items";
import { callLine } from "./people";
import { isGroup, type Item } from "./plan";
import styles from "./plan.module.css";
import { minutesIn } from "./sums";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

/** Twelve hours, as the server has it. */
export const ITEM_MINUTES_MAX = 720;
const orNull = (text: Text): Text | null => (Object.keys(text).length > 0 ? text : null);

interface ProgrammePanelProps {
  readonly item: Item;
  readonly number: number;
  readonly fresh: { readonly change: (item: Item) => void; readonly put: () => void } | null;
  readonly onClose: () => void;
}

export function ProgrammePanel({ item, number, fresh, onClose }: ProgrammePanelProps) {
  const t = usePlanWords();
  const text = useText();
  const { steps, languages, write, field } = usePlan();
  const set = <K extends keyof Item>(key: K, value: Item[K]): void => (fresh ? fresh.change({ ...item, [key]: value }) : write(["programme", item.id, key], value));
  const at = (key: keyof Item) => (fresh ? {} : field("programme", item.id, key));
  const setKind = (kind: Item["kind"]): void => {
    if (fresh) fresh.change({ ...item, kind, seconds: USUAL_MINUTES[kind] * 60 });
    else set("kind", kind);
  };
  const add = (): void => {
    write(["programme"], [...steps.programme, item]);
    fresh?.put();
  };
  const isSpoken = item.kind === "speech" || item.kind === "discussion" || item.kind === "closing";
  const canAdd = Object.keys(item.title).length > 0;
  return (
    <aside className={styles.panel} data-sticky aria-label={t("programme.itemNumber", { number })}>
      <h2>{t("programme.itemNumber", { number })}</h2>
      <TextInLanguages label={t("programme.itemTitle")} value={item.title} onChange={(title) => set("title", title)} languages={languages} {...at("title")} />
      <div className={styles.pair}>
        <SelectField label={t("programme.kind")} value={item.kind} choices={ITEM_KINDS.map((value) => ({ value, words: t(`item.${value}`) }))} onChange={setKind} {...at("kind")} />
        <NumberField label={t("programme.minutes")} value={minutesIn(item)} min={0} max={ITEM_MINUTES_MAX} onChange={(minutes) => set("seconds", minutes * 60)} {...at("seconds")} />
      </div>
      <SelectField label={t("programme.side")} value={item.side ?? ""} choices={[{ value: "", words: t("programme.allSides") }, ...steps.sides.map(({ id, name }) => ({ value: id, words: text(name) }))]} onChange={(side) => set("side", side || null)} {...at("side")} />
      {isSpoken && <Speakers item={item} onChange={(ids) => set("rapporteurs", ids)} />}
      {item.kind === "discussion" && (
        <>
          <Switch label={t("programme.hasLimit")} isOn={item.speech_limit_seconds !== null} onChange={(hasLimit) => set("speech_limit_seconds", hasLimit ? 5 * 60 : null)} />
          {item.speech_limit_seconds !== null && <NumberField label={t("programme.limit")} unit={t("programme.unit")} value={Math.ceil(item.speech_limit_seconds / 60)} min={1} max={ITEM_MINUTES_MAX} onChange={(minutes) => set("speech_limit_seconds", minutes * 60)} {...at("speech_limit_seconds")} />}
        </>
      )}
      <TextInLanguages label={t("programme.note")} hint={t("programme.noteHint")} value={item.note ?? {}} onChange={(note) => set("note", orNull(note))} languages={languages} {...at("note")} />
      <div className={styles.panelActs}>
        {fresh && <Button look="primary" isDead={!canAdd} onClick={add}>{t("dialog.add")}</Button>}
        <Button onClick={onClose}>{t(fresh ? "dialog.back" : "roster.done")}</Button>
        {!fresh && (
          <Button
            look="quiet"
            onClick={() => {
              write(["programme"], steps.programme.filter(({ id }) => id !== item.id));
              onClose();
            }}
          >
            {t("programme.remove")}
          </Button>
        )}
      </div>
    </aside>
  );
}

function Speakers({ item, onChange }: { item: Item; onChange: (ids: readonly string[]) => void }) {
  const t = usePlanWords();
  const { language } = useLanguage();
  const { steps, field } = usePlan();
  const people = steps.roster.filter((line) => !isGroup(line));
  const others = people.filter(({ id }) => !item.rapporteurs.includes(id));
  return (
    <FieldGroup label={t("programme.speakers")} {...field("programme", item.id, "rapporteurs")}>
      <ul className={styles.chosen}>
        {item.rapporteurs.map((id) => {
          const line = people.find((one) => one.id === id);
          return (
            line && (
              <li key={id}>
                <span>{callLine(line, language)}</span>
                <Button isSmall look="quiet" aria-label={t("programme.removeSpeaker", { name: callLine(line, language) })} onClick={() => onChange(item.rapporteurs.filter((one) => one !== id))}>{t("programme.removeShort")}</Button>
              </li>
            )
          );
        })}
      </ul>
      {others.length > 0 && (
        <SelectField label={t("programme.addSpeaker")} isLabelHidden value="" choices={[{ value: "", words: t("programme.addSpeaker") }, ...others.map((line) => ({ value: line.id, words: callLine(line, language) }))]} onChange={(id) => id && onChange([...item.rapporteurs, id])} />
      )}
    </FieldGroup>
  );
}
