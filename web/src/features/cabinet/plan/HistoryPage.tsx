// Who changed what in this meeting, newest first; a change of a step can be taken back from here.
import { useCallback, useState } from "react";

import type { HistoryAnswer } from "../../../api/shapes";
import { dayAndHour } from "../../../i18n/dates";
import { useLanguage } from "../../../i18n/LanguageContext";
import { Empty, Notice } from "../../../ui/blocks";
import { Button, Lamp } from "../../../ui/parts";
import { Awaited } from "../Awaited";
import { useAccount, useCabinet } from "../cabinet";
import { useAnswer } from "../useAnswer";
import { ChangeList } from "./ChangeList";
import styles from "./plan.module.css";
import { useAct } from "./useAct";
import { usePlan } from "./usePlan";
import { usePlanWords, type PlanKey } from "./words";

type Entry = HistoryAnswer["entries"][number];

const ACTIONS: Readonly<Record<string, PlanKey>> = {
  create_meeting: "history.created",
  announce: "history.announced",
  announce_meeting: "history.announced",
  agree: "history.agreed",
  take_back: "history.takenBack",
  reschedule: "history.moved",
  cancel: "history.cancelled",
};

export function HistoryPage() {
  const { api, session } = useCabinet();
  const { number, version } = usePlan().state.whole.answer;
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const history = useAnswer(useCallback(() => api.readHistory(number, null), [api, number, version]));
  const [isLast, setLast] = useState(false);
  const more = async (known: HistoryAnswer): Promise<void> => {
    const last = known.entries.at(-1);
    if (!last) return;
    const further = await session.run(() => api.readHistory(number, last.sequence));
    setLast(further.entries.length === 0);
    history.replace({ entries: [...known.entries, ...further.entries] });
  };
  return (
    <Awaited answer={history} again={history.again} lines={6}>
      {(known) => <Entries entries={known.entries} onMore={isLast ? null : () => void more(known).catch(() => undefined)} />}
    </Awaited>
  );
}

function Entries({ entries, onMore }: { entries: readonly Entry[]; onMore: (() => void) | null }) {
  const t = usePlanWords();
  if (entries.length === 0) return <Empty title={t("history.empty")} />;
  return (
    <section className={styles.panel} aria-labelledby="history-title">
      <h2 id="history-title">{t("history.title")}</h2>
      <ol className={styles.history}>
        {entries.map((entry) => (
          <EntryLine key={entry.sequence} entry={entry} />
        ))}
      </ol>
      {onMore && <Button isSmall look="quiet" className={styles.start} onClick={onMore}>{t("history.more")}</Button>}
    </section>
  );
}

function EntryLine({ entry }: { entry: Entry }) {
  const t = usePlanWords();
  const { language } = useLanguage();
  const { api } = useCabinet();
  const account = useAccount();
  const { steps, state } = usePlan();
  const { act, isBusy, refusal } = useAct();
  const { answer } = state.whole;
  const { step } = entry;
  const canTakeBack = step !== null && step !== "agreement" && entry.refusal === null && entry.changes.length > 0 && account.can_plan && !answer.is_frozen;
  return (
    <li>
      <p>
        <time>{dayAndHour(entry.at, steps.substance.zone, language)}</time>
        <b>{entry.by}</b>
        <span>{step ? t("history.saved", { step: t(`historyStep.${step}`) }) : t(ACTIONS[entry.action] ?? "history.other")}</span>
        {entry.refusal !== null && <Lamp state="off">{t("history.refused")}</Lamp>}
        {canTakeBack && <Button isSmall look="quiet" icon="undo-2" isDead={isBusy} onClick={() => void act((version) => api.takeStepBack(answer.number, step, version, entry.sequence))}>{t("history.takeBack")}</Button>}
      </p>
      <ChangeList changes={entry.changes} steps={steps} />
      {refusal && <Notice look="warn" isSpoken>{t("act.failed")}</Notice>}
    </li>
  );
}
