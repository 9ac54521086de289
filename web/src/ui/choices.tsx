// Fields with given answers: a list, a few choices said at length, a switch, a number.
import { useState, type ReactNode } from "react";

import { Field, FieldGroup, type FieldProps } from "./Field";
import styles from "./fields.module.css";
import { useUiWords } from "./words";

interface Choice<T extends string> {
  readonly value: T;
  readonly words: string;
  readonly hint?: string;
}

interface SelectFieldProps<T extends string> extends FieldProps {
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
  readonly isDisabled?: boolean;
}

export function SelectField<T extends string>({ value, choices, onChange, isDisabled, ...field }: SelectFieldProps<T>) {
  return (
    <Field {...field}>
      {(control) => (
        <select {...control} className={styles.control} value={value} disabled={isDisabled} onChange={(event) => onChange(event.target.value as T)}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>{choice.words}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface ChoiceFieldProps<T extends string> extends FieldProps {
  readonly name: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
}

/** A few answers that differ in consequence: each says what it means. */
export function ChoiceField<T extends string>({ name, value, choices, onChange, ...field }: ChoiceFieldProps<T>) {
  return (
    <FieldGroup {...field}>
      <div className={styles.choices}>
        {choices.map((choice) => (
          <label key={choice.value}>
            <input type="radio" name={name} value={choice.value} checked={choice.value === value} onChange={() => onChange(choice.value)} />
            <span>
              {choice.words}
              {choice.hint && <small>{choice.hint}</small>}
            </span>
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}

interface SwitchProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
}

/** Takes effect at once, so it is a switch and not a box to tick. */
export const Switch = ({ label, hint, isOn, onChange, isDisabled }: SwitchProps) => (
  <label className={styles.switch}>
    <input type="checkbox" role="switch" checked={isOn} disabled={isDisabled} onChange={(event) => onChange(event.target.checked)} />
    <i aria-hidden="true" />
    <span>
      {label}
      {hint && <small>{hint}</small>}
    </span>
  </label>
);

interface NumberFieldProps extends FieldProps {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly unit?: string;
  readonly onChange: (value: number) => void;
  readonly isSmall?: boolean;
}

/** A whole number by steps or by typing; what is typed counts once it is a number within the bounds. */
export function NumberField({ value, min, max, step = 1, unit, onChange, isSmall = false, ...field }: NumberFieldProps) {
  const t = useUiWords();
  const [typed, setTyped] = useState<string | null>(null);
  const within = (number: number): number => Math.min(max, Math.max(min, number));
  const type = (words: string): void => {
    setTyped(words);
    const number = Number(words);
    if (/^\d+$/.test(words.trim()) && number >= min && number <= max) onChange(number);
  };
  const stepBy = (change: number): void => {
    setTyped(null);
    onChange(within(value + change));
  };
  return (
    <Field {...field}>
      {(control) => (
        <span className={styles.stepper} data-small={isSmall || undefined} data-invalid={field.error ? "" : undefined}>
          <button type="button" tabIndex={-1} aria-label={t("number.less", { what: field.label })} disabled={value <= min} onClick={() => stepBy(-step)}>−</button>
          <input
            {...control}
            inputMode="numeric"
            role="spinbutton"
            aria-valuenow={value}
            aria-valuemin={min}
            aria-valuemax={max}
            autoComplete="off"
            value={typed ?? String(value)}
            onChange={(event) => type(event.target.value)}
            onBlur={() => setTyped(null)}
            onKeyDown={(event) => {
              const change = { ArrowUp: step, ArrowDown: -step }[event.key];
              if (change === undefined) return;
              event.preventDefault();
              stepBy(change);
            }}
          />
          {unit && <span className={styles.unit}>{unit}</span>}
          <button type="button" tabIndex={-1} aria-label={t("number.more", { what: field.label })} disabled={value >= max} onClick={() => stepBy(step)}>+</button>
        </span>
      )}
    </Field>
  );
}
