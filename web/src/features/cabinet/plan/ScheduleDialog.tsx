// Moving an announced meeting: the address stays, and the announcement says what changed and when.
import { useState } from "react";

import type { Text } from "../../../api/contract";
import { wallIn } from "../../../i18n/dates";
import { Notice } from "../../../ui/blocks";
import { DateField, HourField } from "../../../ui/DateField";
import { Dialog } from "../../../ui/Dialog";
import { TextInLanguages } from "../../../ui/TextField";
import { useCabinet } from "../cabinet";
import styles from "./plan.module.css";
import { problemKey } from "./problems";
import { useAct } from "./useAct";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

export function ScheduleDialog({ onClose }: { onClose: () => void }) {
  const t = usePlanWords();
  const { api, nowMs } = useCabinet();
  const { steps, state, languages } = usePlan();
  const { act, isBusy, refusal } = useAct();
  const { substance } = steps;
  const [day, setDay] = useState(substance.day);
  const [starts, setStarts] = useState(substance.starts);
  const [ends, setEnds] = useState(substance.ends);
  const [words, setWords] = useState<Text>({});
  const isWhole = day !== null && starts !== null && Object.keys(words).length > 0;
  const move = async (): Promise<void> => {
    if (day === null || starts === null) return;
    if (await act((version) => api.reschedule(state.whole.answer.number, { version, day, starts, ends, words }))) onClose();
  };
  const problems = Object.values(refusal?.fields ?? {});
  return (
    <Dialog title={t("schedule.title")} closeWords={t("dialog.back")} onClose={onClose} act={{ words: t("schedule.move"), onAct: () => void move(), isSafe: true, isDead: isBusy || !isWhole }}>
      <p>{t("schedule.hint")}</p>
      <div className={styles.three}>
        <DateField label={t("substance.day")} value={day} onChange={setDay} today={wallIn(substance.zone, nowMs()).day} />
        <HourField label={t("substance.starts")} value={starts} onChange={setStarts} />
        <HourField label={t("substance.ends")} value={ends} onChange={setEnds} />
      </div>
      <TextInLanguages label={t("schedule.words")} hint={t("schedule.wordsHint")} value={words} onChange={setWords} languages={languages} />
      {refusal && <Notice look="warn" isSpoken>{problems.length > 0 ? problems.map((code) => t(problemKey(code))).join(" ") : t("act.failed")}</Notice>}
    </Dialog>
  );
}
