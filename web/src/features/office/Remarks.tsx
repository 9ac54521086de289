// What this office would have otherwise, each remark about a part of the plan, with the organiser's answer.
import { useState } from "react";

import type { OfficeAnswer } from "../../api/shapes";
import { dayAndHour } from "../../i18n/dates";
import { useLanguage, useText } from "../../i18n/LanguageContext";
import { Notice } from "../../ui/blocks";
import { SelectField } from "../../ui/choices";
import { Button, Lamp } from "../../ui/parts";
import { TextField } from "../../ui/TextField";
import { usePlanWords } from "../cabinet/plan/words";
import { agreementOf, canAnswer, type Office } from "./office";
import styles from "./office.module.css";
import { useOfficeWords } from "./words";

interface PartsProps {
  readonly office: Office;
  readonly answer: OfficeAnswer;
}

export function Remarks({ office, answer }: PartsProps) {
  const t = useOfficeWords();
  const { remarks } = agreementOf(answer);
  return (
    <section className={styles.part} aria-labelledby="remarks">
      <h2 id="remarks">{t("remark.title")}</h2>
      {remarks.length === 0 && <p className={styles.quiet}>{t("remark.none")}</p>}
      {remarks.map((remark) => <RemarkToRead key={remark.id} office={office} answer={answer} remark={remark} />)}
      {canAnswer(answer) && <RemarkForm office={office} answer={answer} />}
    </section>
  );
}

function RemarkToRead({ office, answer, remark }: PartsProps & { readonly remark: ReturnType<typeof agreementOf>["remarks"][number] }) {
  const p = usePlanWords();
  const { language } = useLanguage();
  const parts = useParts(answer);
  const [hasFailed, setFailed] = useState(false);
  const when = (atMs: number): string => dayAndHour(atMs, answer.substance.zone, language);
  const about = parts.find(({ value }) => value !== "" && value === remark.about);
  const close = async (): Promise<void> => setFailed((await office.closeRemark(remark.id)) === "failed");
  return (
    <div className={styles.remark}>
      <small>{when(remark.at)}. {remark.by}{about && `. ${about.words}`}</small>
      <p>{remark.words}</p>
      {remark.reply && remark.replied_at !== null && (
        <>
          <small>{p("agreement.answered", { when: when(remark.replied_at) })}</small>
          <p>{remark.reply}</p>
        </>
      )}
      {remark.closed_at !== null && <Lamp state="ok">{p("agreement.settled")}</Lamp>}
      {remark.closed_at === null && canAnswer(answer) && <Button isSmall look="quiet" onClick={() => void close()}>{p("agreement.settle")}</Button>}
      {hasFailed && <Notice look="warn" isSpoken>{p("act.failed")}</Notice>}
    </div>
  );
}

function RemarkForm({ office, answer }: PartsProps) {
  const t = useOfficeWords();
  const p = usePlanWords();
  const parts = useParts(answer);
  const [about, setAbout] = useState("");
  const [by, setBy] = useState("");
  const [words, setWords] = useState("");
  const [hasFailed, setFailed] = useState(false);
  const isDead = by.trim() === "" || words.trim() === "";
  const send = async (): Promise<void> => {
    const outcome = await office.remark({ by: by.trim(), words: words.trim(), about: about || null });
    setFailed(outcome === "failed");
    if (outcome === "done") setWords("");
  };
  return (
    <div className={styles.form}>
      <SelectField label={t("remark.about")} value={about} choices={parts} onChange={setAbout} />
      <TextField label={t("remark.words")} isLong value={words} onChange={setWords} />
      <TextField label={t("remark.by")} hint={t("remark.byHint")} value={by} onChange={setBy} />
      <Button className={styles.start} isDead={isDead} onClick={() => void send()}>{t("remark.send")}</Button>
      {hasFailed && <Notice look="warn" isSpoken>{p("act.failed")}</Notice>}
    </div>
  );
}

/** The parts of the plan by the names that the server keeps with a remark. */
function useParts(answer: OfficeAnswer): readonly { readonly value: string; readonly words: string }[] {
  const t = useOfficeWords();
  const p = usePlanWords();
  const text = useText();
  return [
    { value: "", words: t("remark.whole") },
    { value: "substance", words: p("historyStep.substance") },
    { value: "sides", words: p("historyStep.sides") },
    { value: "roster", words: p("historyStep.roster") },
    { value: "access", words: p("historyStep.access") },
    ...answer.agenda.map((item, index) => ({ value: `agenda[${item.id ?? ""}]`, words: `${p("programme.itemNumber", { number: index + 1 })}. ${text(item.title)}` })),
  ];
}
