// Words of the interface in three languages, from JSON catalogues in the form of i18next (sections of keys, `{{name}}` for
// values, `_one _few _many _other` for numbers), so that any tool of that form, and Python, can read them. A reader of
// catalogues in forty lines costs 1 kB; the library costs 23, and its keys are not checked by the compiler.
import type { Language } from "../api/contract";

type PluralSuffix = "one" | "few" | "many" | "other";
type Base<K extends string> = K extends `${infer B}_${PluralSuffix}` ? B : K;

/** `section.key` for every key of a catalogue, numbers' endings taken off. */
export type WordKey<C> = { [S in keyof C & string]: `${S}.${Base<keyof C[S] & string>}` }[keyof C & string];
type Values = Readonly<Record<string, string | number>>;
export type Translator<C> = (key: WordKey<C>, values?: Values) => string;
export type Catalogues<C> = Readonly<Record<Language, C>>;

type Sections = Record<string, Record<string, string>>;

function interpolate(words: string, values: Values): string {
  return words.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export function translator<C>(catalogues: Catalogues<C>, language: Language): Translator<C> {
  const sections = catalogues[language] as unknown as Sections;
  const plurals = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const [section = "", name = ""] = key.split(".");
    const known = sections[section] ?? {};
    const count = values["count"];
    const plural = typeof count === "number" ? known[`${name}_${plurals.select(count)}`] : undefined;
    // A missing word is a bug that a test of the catalogues finds; a reader is better served by the key than by nothing.
    return interpolate(plural ?? known[name] ?? key, values);
  };
}
