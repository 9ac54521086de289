// The one act of the office: to accept the text that stands on this page, and no other. What has changed since its last
// acceptance is shown above the act.
import { useState } from "react";

import type { OfficeAnswer, Standing } from "../../api/shapes";
import { dayAndHour } from "../../i18n/dates";
import { useLanguage, useText } from "../../i18n/LanguageContext";
import { Notice } from "../../ui/blocks";
import { Button, Lamp, type LampState } from "../../ui/parts";
import { TextField } from "../../ui/TextField";
import { ChangeList } from "../cabinet/plan/ChangeList";
import { usePlan } from "../cabinet/plan/usePlan";
import { usePlanWords } from "../cabinet/plan/words";
import { agreementOf, canAnswer, wholePlanOf, type Office } from "./office";
import styles from "./office.module.css";
import { useOfficeWords } from "./words";

const LAMPS: Record<Standing, LampState> = { not_asked: "wait", awaited: "wait", remarks: "warn", accepted: "ok", asked_again: "warn" };

export function Acceptance({ office, answer }: { office: Office; answer: OfficeAnswer }) {
  const t = useOfficeWords();
  const p = usePlanWords();
  const text = useText();
  const { language } = useLanguage();
  const own = agreementOf(answer);
  const others = answer.agreement.sides.filter(({ side }) => side !== answer.side);
  const { acceptance } = own;
  return (
    <section className={styles.part} aria-labelledby="acceptance">
      <header>
        <h2 id="acceptance">{t("accept.title")}</h2>
        <Lamp state={LAMPS[own.standing]}>{p(`standing.${own.standing}`)}</Lamp>
      </header>
      {acceptance && <p>{t("accept.accepted", { by: acceptance.by, when: dayAndHour(acceptance.at, answer.substance.zone, language) })}</p>}
      {own.changes.length > 0 && (
        <div className={styles.remark}>
          <small>{p("agreement.changedSince")}</small>
          <ChangeList changes={own.changes} steps={wholePlanOf(answer)} />
        </div>
      )}
      {others.map(({ side, name, standing }) => <p key={side} className={styles.other}>{text(name)}: <Lamp state={LAMPS[standing]}>{p(`standing.${standing}`)}</Lamp></p>)}
      {canAnswer(answer) && own.standing !== "accepted" && <AcceptForm office={office} answer={answer} />}
    </section>
  );
}

function AcceptForm({ office, answer }: { office: Office; answer: OfficeAnswer }) {
  const t = useOfficeWords();
  const p = usePlanWords();
  const { draft, state } = usePlan();
  const [by, setBy] = useState("");
  const [note, setNote] = useState("");
  const [outcome, setOutcome] = useState<"failed" | "changed" | "unsaved" | null>(null);
  const accept = async (): Promise<void> => {
    // The text that is accepted is the one on the page, the office's own last change in it.
    await draft.saveNow();
    if (draft.snapshot().saving !== "saved") {
      setOutcome("unsaved");
      return;
    }
    const mark = office.snapshot().answer?.agreement.mark ?? answer.agreement.mark;
    const result = await office.accept({ by: by.trim(), note: note.trim() || null, mark });
    setOutcome(result === "done" ? null : result);
    await draft.refresh();
  };
  return (
    <div className={styles.form}>
      <p className={styles.quiet}>{t("accept.hint")}</p>
      <TextField label={t("remark.by")} hint={t("accept.byHint")} value={by} onChange={setBy} />
      <TextField label={t("accept.note")} hint={t("accept.noteHint")} value={note} onChange={setNote} />
      <Button look="primary" className={styles.start} isDead={by.trim() === "" || state.conflicts.length > 0} onClick={() => void accept()}>{t("accept.act")}</Button>
      {outcome === "changed" && <Notice look="warn" isSpoken title={t("accept.changed")}>{t("accept.changedHint")}</Notice>}
      {outcome === "unsaved" && <Notice look="warn" isSpoken>{t("accept.unsaved")}</Notice>}
      {outcome === "failed" && <Notice look="warn" isSpoken>{p("act.failed")}</Notice>}
    </div>
  );
}
