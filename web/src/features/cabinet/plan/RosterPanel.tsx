// One line of the roster: how the title will read, and everything that is known of the person or the group.
import { useState, type ReactNode } from "react";

import { LANGUAGES, type Language, type Text } from "../../../api/contract";
import { InLanguage, useLanguage } from "../../../i18n/LanguageContext";
import { Stage } from "../../../stage/Stage";
import { NumberField, SelectField, Switch } from "../../../ui/choices";
import type { FieldProps } from "../../../ui/Field";
import { LANGUAGE_NAMES } from "../../../ui/LanguageSwitch";
import { Button } from "../../../ui/parts";
import { TextField, TextInLanguages } from "../../../ui/TextField";
import { NameFields } from "./NameFields";
import { isNameless, spokenName } from "./people";
import { isGroup, type Line, type PlanSteps } from "./plan";
import styles from "./plan.module.css";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

const ROLES = ["co_chair", "rapporteur", "participant", "invited", "interpreter", "signer", "press", "staff"] as const;
const GROUP_ROLES = ROLES.filter((role) => role !== "co_chair" && role !== "rapporteur");
const GROUP_MAX = 10_000;
/** Two lines of the plate on the air. */
const POST_LETTERS_MAX = 90;
const orNull = (text: Text): Text | null => (Object.keys(text).length > 0 ? text : null);

interface RosterPanelProps {
  readonly line: Line;
  /** A line that is not in the roster yet. */
  readonly fresh: { readonly change: (line: Line) => void; readonly put: () => void } | null;
  readonly isSideFixed: boolean;
  readonly onClose: () => void;
}

export function RosterPanel({ line, fresh, isSideFixed, onClose }: RosterPanelProps) {
  const t = usePlanWords();
  const { steps, languages, write, field } = usePlan();
  const set = <K extends keyof Line>(key: K, value: Line[K]): void => (fresh ? fresh.change({ ...line, [key]: value }) : write(["roster", line.id, key], value));
  const at: LineFieldsProps["at"] = (key) => (fresh ? {} : field("roster", line.id, key));
  const group = isGroup(line);
  const side = steps.sides.find(({ id }) => id === line.side);
  const move = (id: string): void => {
    const to = steps.sides.find((one) => one.id === id);
    const moved = { ...line, side: id, site: line.site === null ? null : (to?.sites[0]?.id ?? null), leads_side: false };
    if (fresh) fresh.change(moved);
    else write(["roster", line.id], moved);
  };
  return (
    <aside className={styles.panel} data-sticky aria-label={t(group ? "roster.group" : "roster.person")}>
      {!group && <TitlePreview line={line} steps={steps} />}
      {group ? <GroupFields line={line} set={set} at={at} /> : <PersonFields line={line} set={set} at={at} />}
      <div className={styles.pair}>
        {!isSideFixed && <SelectField label={t("person.side")} value={line.side} choices={steps.sides.map(({ id, name }) => ({ value: id, words: nameIn(name, languages) }))} onChange={move} {...at("side")} />}
        <SelectField label={t("person.site")} value={line.site ?? ""} choices={[...(side?.sites ?? []).map(({ id, name }) => ({ value: id, words: nameIn(name, languages) })), { value: "", words: t("roster.remote") }]} onChange={(site) => set("site", site || null)} {...at("site")} />
        <SelectField label={t("person.role")} value={line.role} choices={(group ? GROUP_ROLES : ROLES).map((value) => ({ value, words: t(`role.${value}`) }))} onChange={(role) => set("role", role)} {...at("role")} />
        <TextField label={t("person.seat")} value={line.seat ?? ""} onChange={(seat) => set("seat", seat || null)} {...at("seat")} />
      </div>
      <div>
        <Switch label={t("person.maySpeak")} isOn={line.may_speak} onChange={(maySpeak) => set("may_speak", maySpeak)} />
        {!group && line.site === null && <Switch label={t("person.remoteUnmute")} hint={t("person.remoteUnmuteHint")} isOn={line.allows_remote_unmute} onChange={(allows) => set("allows_remote_unmute", allows)} />}
        <Switch label={t("person.announced")} isOn={line.is_announced} onChange={(isAnnounced) => set("is_announced", isAnnounced)} />
        <Switch label={t("person.publication")} hint={t("person.publicationHint")} isOn={line.allows_publication} onChange={(allows) => set("allows_publication", allows)} />
      </div>
      <LineActs line={line} fresh={fresh} onClose={onClose} />
    </aside>
  );
}

function LineActs({ line, fresh, onClose }: Omit<RosterPanelProps, "isSideFixed">) {
  const t = usePlanWords();
  const { steps, write } = usePlan();
  const canAdd = Object.keys(line.post).length > 0;
  const add = (): void => {
    write(["roster"], [...steps.roster, line]);
    fresh?.put();
  };
  const remove = (): void => {
    write(["roster"], steps.roster.filter(({ id }) => id !== line.id));
    onClose();
  };
  return (
    <>
      <div className={styles.panelActs}>
        {fresh && <Button look="primary" isDead={!canAdd} onClick={add}>{t("dialog.add")}</Button>}
        <Button onClick={onClose}>{t(fresh ? "dialog.back" : "roster.done")}</Button>
        {!fresh && <Button look="quiet" onClick={remove}>{t("roster.remove")}</Button>}
      </div>
      {fresh && !canAdd && <p className={styles.quiet}>{t("person.needsPost")}</p>}
    </>
  );
}

interface LineFieldsProps {
  readonly line: Line;
  readonly set: <K extends keyof Line>(key: K, value: Line[K]) => void;
  readonly at: (key: keyof Line) => Pick<FieldProps, "error" | "aside">;
}

function GroupFields({ line, set, at }: LineFieldsProps) {
  const t = usePlanWords();
  const { languages } = usePlan();
  return (
    <>
      <h2>{t("roster.group")}</h2>
      <TextInLanguages label={t("person.groupName")} value={line.post} onChange={(post) => set("post", post)} languages={languages} {...at("post")} />
      <Switch label={t("person.isCounted")} isOn={line.count !== null} onChange={(isCounted) => set("count", isCounted ? 2 : null)} />
      {line.count !== null && <NumberField label={t("person.count")} value={line.count} min={2} max={GROUP_MAX} onChange={(count) => set("count", count)} {...at("count")} />}
    </>
  );
}

function PersonFields({ line, set, at }: LineFieldsProps) {
  const t = usePlanWords();
  const { languages } = usePlan();
  return (
    <>
      <NameFields value={line.full_name} said={line.name} isNameless={isNameless(line)} languages={languages} onChange={(name) => set("full_name", name)} field={at("full_name")} />
      <TextInLanguages label={t("person.post")} value={line.post} onChange={(post) => set("post", post)} languages={languages} {...at("post")} />
      <ShortPost line={line} languages={languages} onChange={(post) => set("short_post", post)} field={at("short_post")} />
      <TextInLanguages label={t("person.organisation")} value={line.organisation ?? {}} onChange={(organisation) => set("organisation", orNull(organisation))} languages={languages} {...at("organisation")} />
      <TextField label={t("person.email")} hint={t("person.emailHint")} type="email" value={line.email ?? ""} onChange={(email) => set("email", email.trim() || null)} {...at("email")} />
    </>
  );
}

const nameIn = (name: Text, languages: readonly Language[]): string => languages.flatMap((language) => name[language] ?? []).at(0) ?? "";

function ShortPost({ line, languages, onChange, field }: { line: Line; languages: readonly Language[]; onChange: (post: Text | null) => void; field: object }) {
  const t = usePlanWords();
  const longest = Math.max(0, ...LANGUAGES.map((language) => (line.short_post?.[language] ?? line.post[language] ?? "").length));
  const hint = longest > POST_LETTERS_MAX ? t("person.shortPostLong", { count: longest, limit: POST_LETTERS_MAX }) : t("person.shortPostHint", { count: longest, limit: POST_LETTERS_MAX });
  return <TextInLanguages label={t("person.shortPost")} hint={hint} value={line.short_post ?? {}} onChange={(post) => onChange(orNull(post))} languages={languages} {...field} />;
}

/** The title as the halls will read it, by the very component that shows it there. */
function TitlePreview({ line, steps }: { line: Line; steps: PlanSteps }): ReactNode {
  const t = usePlanWords();
  const { language: spoken } = useLanguage();
  const [language, setLanguage] = useState<Language>(steps.substance.languages.includes(spoken) ? spoken : steps.substance.language);
  const name = spokenName(line);
  const side = steps.sides.findIndex(({ id }) => id === line.side) === 0 ? "side-1" : "side-2";
  const empty = { role: "speaker", identity: null, source: "camera", city: {}, lost: {}, is_speaking: false, is_lost: false } as const;
  const stage = { sequence: 0, transition: "cut", speaker: null, cue: null, layout: "speaker", head: {}, date: {}, cells: [empty], title: name && { name, post: line.short_post ?? line.post, side }, item: null, card: null } as const;
  return (
    <>
      <div className={styles.previewHead}>
        <h2>{t("person.title")}</h2>
        <div className={styles.languages} role="group" aria-label={t("person.titleLanguage")}>
          {LANGUAGES.filter((one) => steps.substance.languages.includes(one)).map((one) => (
            <button key={one} type="button" lang={one} aria-pressed={one === language} onClick={() => setLanguage(one)}>{LANGUAGE_NAMES[one].short}</button>
          ))}
        </div>
      </div>
      <div className={styles.preview}>
        <InLanguage language={language}><Stage stage={stage} pictureOf={() => ({ state: "idle" })} /></InLanguage>
      </div>
    </>
  );
}
