// Step 6: what each side says to the text as it stands, and the way to the announcement.
import { useCallback, useState, type ReactNode } from "react";

import type { AgreementAnswer } from "../../../api/shapes";
import { dayAndMonth, wallIn } from "../../../i18n/dates";
import { useLanguage } from "../../../i18n/LanguageContext";
import { Notice } from "../../../ui/blocks";
import { Button, ButtonLink, Lamp } from "../../../ui/parts";
import { Awaited } from "../Awaited";
import { useAccount, useCabinet } from "../cabinet";
import { useFindingWords } from "../findings";
import { useAnswer } from "../useAnswer";
import { AgreementSide } from "./AgreementSide";
import styles from "./plan.module.css";
import { useAct } from "./useAct";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

export function AgreementStep() {
  const { api } = useCabinet();
  const { draft, state } = usePlan();
  const { number, version } = state.whole.answer;
  // Another version is another text: what the sides said of the last one is asked anew.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const agreement = useAnswer(useCallback(() => api.readAgreement(number), [api, number, version]));
  const replace = (next: AgreementAnswer): void => {
    agreement.replace(next);
    void draft.refresh();
  };
  return (
    <Awaited answer={agreement} again={agreement.again} lines={5}>
      {(answer) => (
        <>
          <div className={styles.pairing}>
            {answer.sides.map((side, index) => (
              <AgreementSide key={side.side} agreement={answer} side={side} order={index + 1} onChange={replace} />
            ))}
          </div>
          <Gate agreement={answer} onChange={replace} />
        </>
      )}
    </Awaited>
  );
}

interface GateProps {
  readonly agreement: AgreementAnswer;
  readonly onChange: (agreement: AgreementAnswer) => void;
}

/** One next step at a time, and what keeps the meeting from it. */
function Gate({ agreement, onChange }: GateProps) {
  const t = usePlanWords();
  const { language } = useLanguage();
  const { state, steps } = usePlan();
  const { answer } = state.whole;
  switch (answer.phase) {
    case "draft":
      return agreement.asked_at === null ? <DraftGate onChange={onChange} /> : <GatePanel lamp={<Lamp state="wait">{t("gate.waiting", { count: agreement.sides.filter(({ standing }) => standing !== "accepted").length })}</Lamp>} words={t("gate.waitingHint")} />;
    case "agreed":
      return <AgreedGate />;
    case "discarded":
      return <DiscardedGate />;
    case "cancelled":
      return <GatePanel lamp={<Lamp state="off">{t("gate.cancelled")}</Lamp>} words={t("gate.cancelledHint")}><PublicPage number={answer.number} /></GatePanel>;
    case "announced":
    case "sound_check":
    case "assembly":
    case "on_air":
    case "break":
    case "closed":
    case "minutes":
    case "published": {
      const day = answer.announced_at === null ? "" : dayAndMonth(wallIn(steps.substance.zone, answer.announced_at).day, language);
      return <GatePanel lamp={<Lamp state="ok">{t("gate.announced", { day })}</Lamp>} words={t("gate.announcedHint")}><PublicPage number={answer.number} /></GatePanel>;
    }
  }
}

function DraftGate({ onChange }: Pick<GateProps, "onChange">) {
  const t = usePlanWords();
  const { api, session } = useCabinet();
  const account = useAccount();
  const { draft } = usePlan();
  const [hasFailed, setFailed] = useState(false);
  const ask = async (): Promise<void> => {
    setFailed(false);
    try {
      await draft.saveNow();
      onChange(await session.run(() => api.askAgreement(draft.snapshot().whole.answer.number)));
    } catch {
      setFailed(true);
    }
  };
  return (
    <GatePanel lamp={<Lamp state="wait">{t("gate.draft")}</Lamp>} words={t("gate.draftHint")} blocked={<Blocks before="agreed" />}>
      {account.can_plan && <Button look="primary" onClick={() => void ask()}>{t("gate.ask")}</Button>}
      {hasFailed && <Notice look="warn" isSpoken>{t("act.failed")}</Notice>}
    </GatePanel>
  );
}

function AgreedGate() {
  const t = usePlanWords();
  const { api } = useCabinet();
  const account = useAccount();
  const { number } = usePlan().state.whole.answer;
  const { act, isBusy, refusal } = useAct();
  return (
    <GatePanel lamp={<Lamp state="ok">{t("gate.agreed")}</Lamp>} words={t("gate.agreedHint")} blocked={<Blocks before="announced" />}>
      {account.can_plan && (
        <>
          <Button look="primary" isDead={isBusy} onClick={() => void act(() => api.announce(number))}>{t("gate.announce")}</Button>
          <Button look="quiet" isDead={isBusy} onClick={() => void act(() => api.takeBack(number))}>{t("gate.takeBack")}</Button>
        </>
      )}
      {refusal && <Notice look="warn" isSpoken>{t("act.failed")}</Notice>}
    </GatePanel>
  );
}

function DiscardedGate() {
  const t = usePlanWords();
  const { api } = useCabinet();
  const account = useAccount();
  const { number } = usePlan().state.whole.answer;
  const { act, isBusy, refusal } = useAct();
  return (
    <GatePanel lamp={<Lamp state="off">{t("gate.discarded")}</Lamp>} words={t("gate.discardedHint")}>
      {account.can_plan && <Button look="primary" isDead={isBusy} onClick={() => void act(() => api.takeBack(number))}>{t("gate.bringBack")}</Button>}
      {refusal && <Notice look="warn" isSpoken>{t("act.failed")}</Notice>}
    </GatePanel>
  );
}

const PublicPage = ({ number }: { number: number }) => {
  const t = usePlanWords();
  return <ButtonLink icon="globe" href={`/m/${number}`}>{t("gate.page")}</ButtonLink>;
};

const GatePanel = ({ lamp, words, blocked, children }: { lamp: ReactNode; words: string; blocked?: ReactNode; children?: ReactNode }) => (
  <section className={styles.gate}>
    {lamp}
    <div>
      <p>{words}</p>
      {blocked}
    </div>
    <div className={styles.gateActs}>{children}</div>
  </section>
);

/** What the meeting lacks for the next phase, each a way to its step. */
function Blocks({ before }: { before: "agreed" | "announced" }) {
  const t = usePlanWords();
  const findingWords = useFindingWords();
  const { state } = usePlan();
  const lacks = state.whole.answer.findings.filter((finding) => finding.before === before || (before === "announced" && finding.before === "agreed"));
  if (lacks.length === 0) return null;
  return (
    <>
      <p className={styles.missing}>{t("gate.lacks")}</p>
      <ul className={styles.lacks}>
        {lacks.map((finding) => (
          <li key={finding.field + finding.code}><a href={`/cabinet/meetings/${state.whole.answer.number}/${finding.step}`}>{findingWords(finding)}</a></li>
        ))}
      </ul>
    </>
  );
}
