// Whether what was typed is with the server yet, and the way back from it.
import { wallIn } from "../../../i18n/dates";
import { Button, Lamp, type LampState } from "../../../ui/parts";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

export function SavingLamp() {
  const t = usePlanWords();
  const { state, steps } = usePlan();
  const { saving, savedAtMs, conflicts } = state;
  const last = state.whole.answer.steps.reduce<number | null>((latest, { at }) => (at !== null && (latest === null || at > latest) ? at : latest), savedAtMs);
  const lamps: Record<typeof saving, { lamp: LampState; words: string }> = {
    saved: { lamp: "ok", words: last === null ? t("saving.saved") : t("saving.savedAt", { hour: wallIn(steps.substance.zone, last).hour }) },
    typing: { lamp: "wait", words: t("saving.saving") },
    saving: { lamp: "wait", words: t("saving.saving") },
    waiting: { lamp: "warn", words: t("saving.waiting") },
    refused: { lamp: "warn", words: t("saving.refused") },
    conflict: { lamp: "warn", words: t("saving.conflict", { count: conflicts.length }) },
  };
  const { lamp, words } = lamps[saving];
  // Each saved word would be noise for readers of the screen; what needs a person is said.
  return <span role={lamp === "warn" ? "status" : undefined} data-saving={saving}><Lamp state={lamp}>{words}</Lamp></span>;
}

export function UndoButtons() {
  const t = usePlanWords();
  const { draft, state } = usePlan();
  return (
    <>
      <Button isSmall icon="undo-2" isDead={!state.canUndo} onClick={draft.undo}>{t("undo.undo")}</Button>
      {state.canRedo && <Button isSmall look="quiet" onClick={draft.redo}>{t("undo.redo")}</Button>}
    </>
  );
}
