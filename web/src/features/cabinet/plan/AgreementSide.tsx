// What one side has said: its acceptance, what has changed since, its remarks and our answers.
import { useState } from "react";

import type { AgreementAnswer, SideAgreementShape, Standing } from "../../../api/shapes";
import { dayAndHour } from "../../../i18n/dates";
import { useLanguage, Words } from "../../../i18n/LanguageContext";
import { Notice } from "../../../ui/blocks";
import { Dialog } from "../../../ui/Dialog";
import { Button, Lamp, type LampState } from "../../../ui/parts";
import { TextField } from "../../../ui/TextField";
import { useAccount, useCabinet } from "../cabinet";
import { ChangeList } from "./ChangeList";
import { OfficeLinkDialog } from "./OfficeLinkDialog";
import styles from "./plan.module.css";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

const LAMPS: Record<Standing, LampState> = { not_asked: "wait", awaited: "wait", remarks: "warn", accepted: "ok", asked_again: "warn" };

interface AgreementSideProps {
  readonly agreement: AgreementAnswer;
  readonly side: SideAgreementShape;
  readonly order: number;
  readonly onChange: (agreement: AgreementAnswer) => void;
}

export function AgreementSide({ agreement, side, order, onChange }: AgreementSideProps) {
  const t = usePlanWords();
  const { language } = useLanguage();
  const { session } = useCabinet();
  const account = useAccount();
  const { steps } = usePlan();
  const [open, setOpen] = useState<"link" | "letter" | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const when = (atMs: number): string => dayAndHour(atMs, steps.substance.zone, language);
  const act = async (work: () => Promise<AgreementAnswer>): Promise<boolean> => {
    setFailed(false);
    try {
      onChange(await session.run(work));
      return true;
    } catch {
      setFailed(true);
      return false;
    }
  };
  const { acceptance, standing } = side;
  return (
    <section className={styles.side} data-order={order} aria-labelledby={`agreement-${side.side}`}>
      <header>
        <h2 id={`agreement-${side.side}`}><Words of={side.name} /></h2>
        <Lamp state={LAMPS[standing]}>{t(`standing.${standing}`)}</Lamp>
      </header>
      {acceptance && (
        <dl className={styles.facts}>
          <dt>{t("agreement.by")}</dt><dd>{acceptance.by}</dd>
          <dt>{t("agreement.when")}</dt><dd>{when(acceptance.at)}</dd>
          <dt>{t("agreement.what")}</dt><dd>{t("agreement.version", { version: acceptance.version })}</dd>
          {acceptance.note && <><dt>{t("agreement.note")}</dt><dd>{acceptance.note}</dd></>}
          {acceptance.recorded_by && <><dt>{t("agreement.recordedBy")}</dt><dd>{acceptance.recorded_by}</dd></>}
        </dl>
      )}
      {side.changes.length > 0 && (
        <div className={styles.remark}>
          <small>{t("agreement.changedSince")}</small>
          <ChangeList changes={side.changes} steps={steps} />
        </div>
      )}
      {side.remarks.map((remark) => (
        <RemarkBox key={remark.id} remark={remark} when={when} act={act} />
      ))}
      {side.remarks.length === 0 && <p className={styles.quiet}>{t("agreement.noRemarks")}</p>}
      {hasFailed && <Notice look="warn" isSpoken>{t("act.failed")}</Notice>}
      {account.can_plan && (
        <div className={styles.headActs}>
          <Button icon="link" onClick={() => setOpen("link")}>{t("agreement.link")}</Button>
          {standing !== "accepted" && agreement.asked_at !== null && <Button look="quiet" onClick={() => setOpen("letter")}>{t("agreement.byLetter")}</Button>}
        </div>
      )}
      {open === "link" && <OfficeLinkDialog side={side.side} name={side.name} onClose={() => setOpen(null)} />}
      {open === "letter" && <LetterDialog agreement={agreement} side={side} act={act} onClose={() => setOpen(null)} />}
    </section>
  );
}

type Act = (work: () => Promise<AgreementAnswer>) => Promise<boolean>;

function RemarkBox({ remark, when, act }: { remark: SideAgreementShape["remarks"][number]; when: (atMs: number) => string; act: Act }) {
  const t = usePlanWords();
  const { api } = useCabinet();
  const account = useAccount();
  const { number } = usePlan().state.whole.answer;
  const [reply, setReply] = useState("");
  return (
    <div className={styles.remark}>
      <small>{when(remark.at)}. {remark.by}</small>
      <p>{remark.words}</p>
      {remark.reply && remark.replied_at !== null && (
        <>
          <small>{t("agreement.answered", { when: when(remark.replied_at) })}</small>
          <p>{remark.reply}</p>
        </>
      )}
      {remark.closed_at !== null ? (
        <Lamp state="ok">{t("agreement.settled")}</Lamp>
      ) : (
        account.can_plan && (
          <>
            {!remark.reply && <TextField label={t("agreement.reply")} isLong value={reply} onChange={setReply} />}
            <div className={styles.headActs}>
              {!remark.reply && <Button isSmall isDead={reply.trim() === ""} onClick={() => void act(() => api.replyToRemark(number, remark.id, reply.trim()))}>{t("agreement.send")}</Button>}
              <Button isSmall look="quiet" onClick={() => void act(() => api.closeRemark(number, remark.id))}>{t("agreement.settle")}</Button>
            </div>
          </>
        )
      )}
    </div>
  );
}

/** An acceptance that came on paper, with the letter it stands on. */
function LetterDialog({ agreement, side, act, onClose }: { agreement: AgreementAnswer; side: SideAgreementShape; act: Act; onClose: () => void }) {
  const t = usePlanWords();
  const { api } = useCabinet();
  const [by, setBy] = useState("");
  const [note, setNote] = useState("");
  const record = async (): Promise<void> => {
    if (await act(() => api.recordAcceptance(agreement.number, side.side, { by: by.trim(), note: note.trim(), mark: agreement.mark }))) onClose();
  };
  return (
    <Dialog title={t("agreement.byLetter")} closeWords={t("dialog.back")} onClose={onClose} act={{ words: t("agreement.record"), onAct: () => void record(), isSafe: true, isDead: by.trim() === "" || note.trim() === "" }}>
      <p>{t("agreement.byLetterHint")}</p>
      <TextField label={t("agreement.by")} value={by} onChange={setBy} />
      <TextField label={t("agreement.letter")} hint={t("agreement.letterHint")} value={note} onChange={setNote} />
    </Dialog>
  );
}
