import { useId, type HTMLInputAutoCompleteAttribute, type ReactNode } from "react";

import { LANGUAGES, type Language, type Text } from "../api/contract";
import { Field, FieldGroup, type FieldProps } from "./Field";
import styles from "./fields.module.css";
import { LANGUAGE_NAMES } from "./LanguageSwitch";

interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onLeave?: () => void;
  readonly type?: "text" | "email" | "tel" | "password" | "search" | "url";
  readonly lang?: Language;
  readonly maxLength?: number;
  readonly isLong?: boolean;
  readonly isReadOnly?: boolean;
  readonly isRequired?: boolean;
  readonly autoComplete?: HTMLInputAutoCompleteAttribute;
  readonly isFocusedFirst?: boolean;
}

export function TextField({ value, onChange, onLeave, type = "text", lang, maxLength, isLong = false, isReadOnly, isRequired, autoComplete = "off", isFocusedFirst, ...field }: TextFieldProps) {
  return (
    <Field {...field}>
      {(control) =>
        isLong ? (
          <textarea {...control} className={styles.control} rows={2} value={value} lang={lang} maxLength={maxLength} readOnly={isReadOnly} required={isRequired} onBlur={onLeave} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <input {...control} className={styles.control} type={type} value={value} lang={lang} maxLength={maxLength} readOnly={isReadOnly} required={isRequired} autoComplete={autoComplete} autoFocus={isFocusedFirst} spellCheck={type === "text"} onBlur={onLeave} onChange={(event) => onChange(event.target.value)} />
        )
      }
    </Field>
  );
}

interface TextInLanguagesProps extends FieldProps {
  readonly value: Text;
  readonly onChange: (value: Text) => void;
  /** Asked for, in the order of importance; the meeting's own language first. */
  readonly languages?: readonly Language[];
  readonly maxLength?: number;
  /** Lines of the machine that a person has not looked at yet. */
  readonly proposed?: readonly Language[];
  readonly isReadOnly?: boolean;
  /** Beside the label, on its line. */
  readonly action?: ReactNode;
}

/** One text of people in up to three languages; an emptied language is absent, never an empty string. */
export function TextInLanguages({ value, onChange, languages = LANGUAGES, maxLength, proposed = [], isReadOnly, ...field }: TextInLanguagesProps) {
  const id = useId();
  const write = (language: Language, words: string): void => {
    const rest = Object.fromEntries(Object.entries(value).filter(([key]) => key !== language));
    onChange(words === "" ? rest : { ...rest, [language]: words });
  };
  return (
    <FieldGroup {...field}>
      <div className={styles.languages} data-invalid={field.error ? "" : undefined}>
        {languages.map((language) => (
          <label key={language} htmlFor={`${id}-${language}`}>
            <span title={LANGUAGE_NAMES[language].full} lang={language}>{LANGUAGE_NAMES[language].short}</span>
            <textarea
              id={`${id}-${language}`}
              lang={language}
              rows={1}
              value={value[language] ?? ""}
              maxLength={maxLength}
              readOnly={isReadOnly}
              data-proposed={proposed.includes(language) || undefined}
              onChange={(event) => write(language, event.target.value.replaceAll("\n", " "))}
            />
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}
