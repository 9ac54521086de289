// Surname, given name and patronymic in every language of the meeting. A part that is emptied in all languages is absent.
import type { Language, Text } from "../../../api/contract";
import type { FieldProps } from "../../../ui/Field";
import { Button } from "../../../ui/parts";
import { TextInLanguages } from "../../../ui/TextField";
import type { FullName } from "./people";
import styles from "./plan.module.css";
import { useRosterTools } from "./rosterTools";
import { usePlanWords } from "./words";

interface NameFieldsProps {
  readonly value: FullName | null;
  /** As it was written before its parts were known. */
  readonly said: Text | null;
  readonly isNameless: boolean;
  readonly languages: readonly Language[];
  readonly onChange: (name: FullName | null) => void;
  readonly field: Pick<FieldProps, "error" | "aside">;
}

const PARTS = ["surname", "given", "patronymic"] as const;

export function NameFields({ value, said, isNameless, languages, onChange, field }: NameFieldsProps) {
  const t = usePlanWords();
  const { spellName } = useRosterTools();
  const name: FullName = value ?? { surname: said && !isNameless ? surnameOf(said) : {}, given: said && !isNameless ? givenOf(said) : null, patronymic: null };
  const change = (part: (typeof PARTS)[number], words: Text): void => {
    const next = { ...name, [part]: part === "surname" || Object.keys(words).length > 0 ? words : null };
    const isEmpty = PARTS.every((one) => Object.keys(next[one] ?? {}).length === 0);
    onChange(isEmpty ? null : next);
  };
  const missing = languages.filter((language) => !name.surname[language]);
  const known = languages.find((language) => name.surname[language]);
  const spell = async (): Promise<void> => {
    if (!known) return;
    const written = { surname: name.surname[known] ?? "", given: name.given?.[known] ?? "", patronymic: name.patronymic?.[known] ?? "" };
    try {
      const { forms } = await spellName(written, known);
      const fill = (part: (typeof PARTS)[number]): Text => ({ ...Object.fromEntries(missing.flatMap((language) => (forms[language]?.[part] ? [[language, forms[language][part]]] : []))), ...name[part] });
      const orNull = (text: Text): Text | null => (Object.keys(text).length > 0 ? text : null);
      onChange({ surname: fill("surname"), given: orNull(fill("given")), patronymic: orNull(fill("patronymic")) });
    } catch {
      return; // A first filling that fails is typed by hand.
    }
  };
  return (
    <>
      {PARTS.map((part) => (
        <TextInLanguages
          key={part}
          label={t(`person.${part}`)}
          value={name[part] ?? {}}
          onChange={(words) => change(part, words)}
          languages={languages}
          hint={part === "surname" && isNameless ? t("person.noSurname") : undefined}
          {...(part === "surname" ? field : {})}
        />
      ))}
      {known && missing.length > 0 && <Button isSmall icon="languages" className={styles.start} onClick={() => void spell()}>{t("person.spell")}</Button>}
    </>
  );
}

/** «Сергей Попков»: the last word is the surname, as the name is said on the air. */
const surnameOf = (said: Text): Text => mapWords(said, (words) => words.split(" ").at(-1) ?? "");
const givenOf = (said: Text): Text | null => {
  const given = mapWords(said, (words) => words.split(" ").slice(0, -1).join(" "));
  return Object.keys(given).length > 0 ? given : null;
};
const mapWords = (text: Text, change: (words: string) => string): Text => Object.fromEntries(Object.entries(text).flatMap(([language, words]) => (change(words) ? [[language, change(words)]] : [])));
