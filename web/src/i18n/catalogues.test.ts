// The catalogues of the interface, checked as data: every word in three languages, with the same values in it, used by
// somebody, and Belarusian that is Belarusian.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

import { LANGUAGES, type Language } from "../api/contract";

const here = fileURLToPath(new URL(".", import.meta.url));
const source = join(here, "..");
const FILES = readdirSync(join(here, "ru")).toSorted();

type Sections = Record<string, Record<string, string>>;
const flat = (language: Language, file: string): Map<string, string> => {
  const sections = JSON.parse(readFileSync(join(here, language, file), "utf8")) as Sections;
  return new Map(Object.entries(sections).flatMap(([section, words]) => Object.entries(words).map(([key, value]) => [`${section}.${key}`, value] as const)));
};
const ENDING = /_(one|few|many|other)$/;
const base = (key: string): string => key.replace(ENDING, "");
const valuesIn = (words: string): string[] => [...words.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name).toSorted();
const each = FILES.flatMap((file) => LANGUAGES.map((language) => ({ file, language })));

const sources = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /(?<!\.test)\.tsx?$/.test(name) ? [readFileSync(path, "utf8")] : [];
  });

describe("catalogues", () => {
  test.each(each)("$language/$file has the keys of the Russian one", ({ file, language }) => {
    const bases = (keys: Iterable<string>): string[] => [...new Set([...keys].map(base))].toSorted();
    expect(bases(flat(language, file).keys())).toEqual(bases(flat("ru", file).keys()));
  });

  test.each(each)("$language/$file has every ending that its numbers need and no other", ({ file, language }) => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    const counted = [...flat(language, file).keys()].filter((key) => ENDING.test(key));
    for (const one of new Set(counted.map(base))) {
      expect(counted.filter((key) => base(key) === one).map((key) => ENDING.exec(key)?.[1]).toSorted(), one).toEqual(needed);
    }
  });

  test.each(each)("$language/$file leaves nothing empty and asks for the same values", ({ file, language }) => {
    const russian = new Map([...flat("ru", file)].map(([key, words]) => [base(key), words]));
    for (const [key, words] of flat(language, file)) {
      expect(words.trim(), key).not.toBe("");
      expect(valuesIn(words), key).toEqual(valuesIn(russian.get(base(key)) ?? ""));
    }
  });

  test.each(FILES)("Belarusian %s has no letter that Belarusian does not know, and no English word", (file) => {
    for (const [key, words] of flat("be", file)) {
      expect(words.replaceAll(/\{\{\w+\}\}/g, ""), key).not.toMatch(/[ищъИЩЪ]/);
      expect(words.replaceAll(/\{\{\w+\}\}p?|Chrome|Edge|Firefox|Safari|https|JavaScript|Enter|Escape|DOCX|XLSX|PDF|OpenID/g, ""), key).not.toMatch(/[a-z]/i);
    }
  });

  test.each(FILES)("Russian %s has no letter that Russian does not know", (file) => {
    for (const [key, words] of flat("ru", file)) expect(words, key).not.toMatch(/[іўІЎ]/);
  });

  test.each(FILES)("every word of %s is used by somebody", (file) => {
    const code = sources(source).join("\n");
    // A key is spelled in quotes, or begins with its section in a template whose rest the compiler checks.
    const unused = [...flat("ru", file).keys()].map(base).filter((key) => !code.includes(`"${key}"`) && !code.includes(`\`${key.split(".")[0]}.\${`));
    expect(unused).toEqual([]);
  });
});
