import { LANGUAGES, type Language } from "../api/contract";
import { useLanguage } from "../i18n/LanguageContext";
import styles from "./LanguageSwitch.module.css";

export const LANGUAGE_NAMES: Record<Language, { short: string; full: string }> = {
  be: { short: "Бел", full: "Беларуская" },
  ru: { short: "Рус", full: "Русский" },
  en: { short: "Eng", full: "English" },
};

export function LanguageSwitch({ label }: { label: string }) {
  const { language, setLanguage } = useLanguage();
  return (
    <div className={styles.languages} role="group" aria-label={label}>
      {LANGUAGES.map((one) => (
        <button key={one} type="button" lang={one} title={LANGUAGE_NAMES[one].full} aria-pressed={one === language} onClick={() => setLanguage(one)}>
          {LANGUAGE_NAMES[one].short}
        </button>
      ))}
    </div>
  );
}
