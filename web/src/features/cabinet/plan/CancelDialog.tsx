// The end of a meeting before it began: an announced one says why on its page, one that nobody knows of is put away.
import { useState } from "react";

import type { Text } from "../../../api/contract";
import { Notice } from "../../../ui/blocks";
import { Dialog } from "../../../ui/Dialog";
import { TextInLanguages } from "../../../ui/TextField";
import { useCabinet } from "../cabinet";
import { useAct } from "./useAct";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

export function CancelDialog({ onClose }: { onClose: () => void }) {
  const t = usePlanWords();
  const { api } = useCabinet();
  const { state, languages } = usePlan();
  const { act, isBusy, refusal } = useAct();
  const [reason, setReason] = useState<Text>({});
  const { answer } = state.whole;
  const isAnnounced = answer.announced_at !== null;
  const cancel = async (): Promise<void> => {
    if (await act(() => api.cancel(answer.number, reason))) onClose();
  };
  return (
    <Dialog
      title={t(isAnnounced ? "cancel.title" : "cancel.discardTitle")}
      closeWords={t("dialog.back")}
      onClose={onClose}
      act={{ words: t(isAnnounced ? "cancel.cancel" : "cancel.discard"), onAct: () => void cancel(), isDead: isBusy || Object.keys(reason).length === 0 }}
    >
      <p>{t(isAnnounced ? "cancel.hint" : "cancel.discardHint")}</p>
      <TextInLanguages label={t("cancel.reason")} value={reason} onChange={setReason} languages={languages} />
      {refusal && <Notice look="warn" isSpoken>{t("act.failed")}</Notice>}
    </Dialog>
  );
}
