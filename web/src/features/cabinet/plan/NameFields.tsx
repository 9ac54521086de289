// Surname, given name and patronymic in every language of the meeting. A part that is emptied in all languages is absent.
import type { Language, Text } from "../../../api/contract";
import type { FieldProps } from "../../../ui/Field";
import { TextInLanguages } from "../../../ui/TextField";
import type { FullName } from "./people";
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
  const name: FullName = value ?? { surname: said && !isNameless ? surnameOf(said) : {}, given: said && !isNameless ? givenOf(said) : null, patronymic: null };
  const change = (part: (typeof PARTS)[number], words: Text): void => {
    const next = { ...name, [part]: part === "surname" || Object.keys(words).length > 0 ? words : null };
    const isEmpty = PARTS.every((one) => Object.keys(next[one] ?? {}).length === 0);
    onChange(isEmpty ? null : next);
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
