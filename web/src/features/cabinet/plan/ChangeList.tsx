// What differs between two states, as people read it: which field of whom, what was, what is.
import type { ChangeShape } from "../../../api/shapes";
import { useLanguage } from "../../../i18n/LanguageContext";
import { changedField } from "./changes";
import type { PlanSteps } from "./plan";
import styles from "./plan.module.css";
import { usePlanWords } from "./words";

interface ChangeListProps {
  readonly changes: readonly ChangeShape[];
  /** The plan as it is now: its rows give the changed ones their names. */
  readonly steps: PlanSteps;
}

export function ChangeList({ changes, steps }: ChangeListProps) {
  const t = usePlanWords();
  const { language } = useLanguage();
  return (
    <ul className={styles.changes}>
      {changes.map(({ field, before, after }) => {
        const where = changedField(field, steps, language, t);
        return (
          <li key={field}>
            <b>{where}</b>
            {isShown(before) && <del>{shown(before)}</del>} {isShown(after) ? <ins>{shown(after)}</ins> : <em>{t("changes.removed")}</em>}
          </li>
        );
      })}
    </ul>
  );
}

const isShown = (value: unknown): boolean => value !== null && value !== undefined && value !== "";

/** Words are shown, of a whole thing its words; marks of programs are not. */
function shown(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "✓" : "✕";
  if (Array.isArray(value)) return value.map(shown).filter(Boolean).join(", ");
  if (typeof value !== "object" || value === null) return "";
  const words = value as Record<string, unknown>;
  return shown(words["name"] ?? words["title"] ?? words["post"] ?? words["ru"] ?? words["be"] ?? words["en"] ?? null);
}
