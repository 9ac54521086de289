// The language of the interface, changed while the page runs, and the words that people wrote in some languages but not in all.
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

import { LANGUAGES, type Language, type Text } from "../api/contract";
import { translator, type Catalogues, type Translator } from "./translate";

const LANGUAGE_KEY = "veche.language";

interface Speaking {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}
const LanguageContext = createContext<Speaking>({ language: "ru", setLanguage: () => undefined });

const isLanguage = (value: string | null | undefined): value is Language => LANGUAGES.some((language) => language === value);

/** The reader's own choice in this browser, if there was one. */
function remembered(): Language | null {
  try {
    const value = localStorage.getItem(LANGUAGE_KEY);
    return isLanguage(value) ? value : null;
  } catch {
    return null;
  }
}

export function languageOf(value: string | undefined, isChoiceRemembered: boolean): Language {
  return (isChoiceRemembered ? remembered() : null) ?? (isLanguage(value) ? value : "ru");
}

export function LanguageProvider({ initial, children }: { initial: Language; children: ReactNode }) {
  const [language, setLanguage] = useState(initial);
  const speaking = useMemo<Speaking>(
    () => ({
      language,
      setLanguage: (next) => {
        setLanguage(next);
        try {
          localStorage.setItem(LANGUAGE_KEY, next);
        } catch {
          return; // A browser that refuses storage forgets the choice, nothing else.
        }
      },
    }),
    [language],
  );
  return <LanguageContext value={speaking}>{children}</LanguageContext>;
}

/** A part of a page that speaks another language, such as the title of a participant as the halls will read it. */
export function InLanguage({ language, children }: { language: Language; children: ReactNode }) {
  const speaking = useMemo<Speaking>(() => ({ language, setLanguage: () => undefined }), [language]);
  return <LanguageContext value={speaking}>{children}</LanguageContext>;
}

export const useLanguage = (): Speaking => use(LanguageContext);

/** On a page that is ours alone the document speaks the chosen language too. */
export function useDocumentLanguage(): void {
  const { language } = useLanguage();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
}

export function useWords<C>(catalogues: Catalogues<C>): Translator<C> {
  const { language } = useLanguage();
  return useMemo(() => translator(catalogues, language), [catalogues, language]);
}

/** Somebody's words in the wanted language, else in the first that has them; with the language they are in. */
export function chooseText(text: Text, wanted: Language): { readonly words: string; readonly language: Language } {
  const language = text[wanted] ? wanted : (LANGUAGES.find((one) => text[one]) ?? wanted);
  return { words: text[language] ?? "", language };
}

export function useText(): (text: Text) => string {
  const { language } = useLanguage();
  return (text) => chooseText(text, language).words;
}

/** Words of people with their language marked where it differs from the page's (WCAG 3.1.2). */
export function Words({ of }: { of: Text }) {
  const { language } = useLanguage();
  const chosen = chooseText(of, language);
  return chosen.language === language ? chosen.words : <span lang={chosen.language}>{chosen.words}</span>;
}
