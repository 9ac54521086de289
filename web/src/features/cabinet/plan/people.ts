// How people of the roster are read: the name as it is listed, the one that is said, what is lacking.
import { chooseText } from "../../../i18n/LanguageContext";
import type { Language, Text } from "../../../api/contract";
import { LANGUAGES } from "../../../api/contract";
import type { ParticipationShape } from "../../../api/shapes";
import { isGroup, type Line, type Side } from "./plan";

export type FullName = NonNullable<ParticipationShape["full_name"]>;

const joined = (language: Language, parts: readonly (Text | null)[]): string => parts.flatMap((part) => part?.[language] ?? []).join(" ");

function inEveryLanguage(name: FullName, order: (name: FullName) => readonly (Text | null)[]): Text {
  return Object.fromEntries(LANGUAGES.filter((language) => name.surname[language]).map((language) => [language, joined(language, order(name))]));
}

/** «Попков Сергей Иванович»: in a list; null where nobody is named. */
export function listedName(line: Line): Text | null {
  return line.full_name ? inEveryLanguage(line.full_name, ({ surname, given, patronymic }) => [surname, given, patronymic]) : line.name;
}

/** «Сергей Попков»: as the title on the air says it. */
export function spokenName(line: Line): Text | null {
  return line.name ?? (line.full_name ? inEveryLanguage(line.full_name, ({ surname, given }) => [given, surname]) : null);
}

/** What a row is called where it must be called something. */
export function callLine(line: Line, language: Language): string {
  return chooseText(listedName(line) ?? line.post, language).words;
}

export const isNameless = (line: Line): boolean => !isGroup(line) && listedName(line) === null;

export const peopleOf = (side: Side, roster: readonly Line[]): readonly Line[] => roster.filter((line) => line.side === side.id);

/** Numbers of the rows of one side: a counted group takes as many as it has. */
export function numbersOf(lines: readonly Line[]): readonly string[] {
  let next = 1;
  return lines.map(({ count }) => {
    const first = next;
    next += count ?? 1;
    return count !== null && count > 1 ? `${first}–${next - 1}` : String(first);
  });
}
