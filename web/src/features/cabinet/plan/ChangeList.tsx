// What differs between two states, as people read it: which field of whom, what was, what is.
import type { ChangeShape } from "../../../api/shapes";
import { useLanguage } from "../../../i18n/LanguageContext";
import { changedField } from "./changes";
import styles from "./plan.module.css";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

export function ChangeList({ changes }: { changes: readonly ChangeShape[] }) {
  const t = usePlanWords();
  const { language } = useLanguage();
  const { steps } = usePlan();
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
