// The meeting that the pages of one card edit together, and what each of their fields is told about itself.
import { createContext, use, useMemo, type ReactNode } from "react";

import type { Language } from "../../../api/contract";
import type { FieldProps } from "../../../ui/Field";
import { Meanwhile } from "../../../ui/Field";
import { dayAndHour } from "../../../i18n/dates";
import { useLanguage } from "../../../i18n/LanguageContext";
import { useObservable } from "../../../ui/useObservable";
import type { Draft, DraftState } from "../drafts/draft";
import type { Json, Path } from "../drafts/merge";
import { conflictsAt, problemAt } from "./fields";
import type { Plan, PlanSteps } from "./plan";
import { problemKey } from "./problems";
import { usePlanWords, type PlanWords } from "./words";

export type PlanDraft = Draft<PlanSteps, Plan>;

const PlanContext = createContext<PlanDraft | null>(null);

export const PlanProvider = ({ draft, children }: { draft: PlanDraft; children: ReactNode }) => <PlanContext value={draft}>{children}</PlanContext>;

interface PlanDesk {
  readonly draft: PlanDraft;
  readonly state: DraftState<PlanSteps, Plan>;
  readonly steps: PlanSteps;
  /** Of the meeting, its own language first. */
  readonly languages: readonly Language[];
  readonly write: (path: Path, value: Json | undefined) => void;
  /** What is wrong with a field, and what somebody else wrote there. */
  readonly field: (...path: string[]) => Pick<FieldProps, "error" | "aside">;
}

export function usePlan(): PlanDesk {
  const draft = use(PlanContext);
  if (!draft) throw new Error("a step outside a meeting");
  const state = useObservable(draft);
  const t = usePlanWords();
  const { language: spoken } = useLanguage();
  const { language, languages } = state.mine.substance;
  return useMemo(
    () => ({
      draft,
      state,
      steps: state.mine,
      languages: [language, ...languages.filter((one) => one !== language)],
      write: draft.write,
      field: (...path) => {
        const problem = problemAt(path, state.mine, state.problems);
        const conflicts = conflictsAt(path, state.conflicts);
        const { other } = state;
        const when = other && dayAndHour(other.atMs, state.mine.substance.zone, spoken);
        return {
          error: problem === null ? undefined : t(problemKey(problem)),
          aside: conflicts.map((conflict) => (
            <Meanwhile
              key={conflict.path.join("/")}
              who={other && when ? t("conflict.who", { name: other.by, when }) : t("conflict.somebody")}
              theirs={wordsOf(conflict.theirs, t)}
              take={t("conflict.take")}
              keep={t("conflict.keep")}
              onTake={() => draft.choose(conflict, true)}
              onKeep={() => draft.choose(conflict, false)}
            />
          )),
        };
      },
    }),
    [draft, state, language, languages, spoken, t],
  );
}

/** Another person's value as it can be read: words as they are, the rest said. */
function wordsOf(value: Json | undefined, t: PlanWords): string {
  if (value === undefined || value === null || value === "") return t("conflict.empty");
  if (typeof value === "boolean") return t(value ? "conflict.yes" : "conflict.no");
  if (typeof value === "string" || typeof value === "number") return String(value);
  return Object.values(value)
    .map((part) => wordsOf(part as Json, t))
    .join("\n");
}
