// This meeting as a pattern for others: its sides, people, programme and rights.
import { useState } from "react";

import { Notice } from "../../../ui/blocks";
import { Dialog } from "../../../ui/Dialog";
import { TextInLanguages } from "../../../ui/TextField";
import { useCabinet } from "../cabinet";
import { useKeep } from "../directory/useKeep";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

export function TemplateDialog({ onClose }: { onClose: () => void }) {
  const t = usePlanWords();
  const { api } = useCabinet();
  const { steps, state, languages } = usePlan();
  const [name, setName] = useState(steps.substance.title);
  const { isBusy, problem, keep } = useKeep(onClose);
  return (
    <Dialog title={t("menu.template")} closeWords={t("dialog.back")} onClose={onClose} act={{ words: t("template.keep"), onAct: () => keep(() => api.addTemplate(state.whole.answer.number, name)), isSafe: true, isDead: isBusy || Object.keys(name).length === 0 }}>
      <p>{t("template.hint")}</p>
      <TextInLanguages label={t("template.name")} value={name} onChange={setName} languages={languages} />
      {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
    </Dialog>
  );
}
