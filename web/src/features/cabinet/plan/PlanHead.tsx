// The head of a meeting's card: what it is, whether everything typed is safe, and the steps.
import { useState } from "react";

import type { PlanAnswer } from "../../../api/shapes";
import { dayAndYear, weekday } from "../../../i18n/dates";
import { useLanguage, useText, Words } from "../../../i18n/LanguageContext";
import { Notice, Steps } from "../../../ui/blocks";
import { Button, ButtonLink, Icon, Lamp, Tag, type LampState } from "../../../ui/parts";
import { STEPS, writeAddress, type CardPage, type StepKey } from "../address";
import { useCabinet, useFollow } from "../cabinet";
import { isPublic, PHASE_LAMPS } from "../phases";
import { useCabinetWords } from "../words";
import styles from "./plan.module.css";
import { PlanMenu } from "./PlanMenu";
import { SavingLamp, UndoButtons } from "./SavingLamp";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

export function PlanHead({ card }: { card: CardPage }) {
  const t = useCabinetWords();
  const { language } = useLanguage();
  const text = useText();
  const follow = useFollow();
  const { steps, state } = usePlan();
  const { answer } = state.whole;
  const { title, day, starts } = steps.substance;
  const cities = steps.sides.flatMap(({ sites }) => sites.map(({ city }) => text(city)));
  return (
    <>
      <div className={styles.top}>
        <nav className={styles.crumb} aria-label={t("frame.path")}>
          <a href={writeAddress({ page: "meetings" })} onClick={follow}>{t("nav.meetings")}</a>
          <Icon name="chevron-right" size="s" />
          <span>{t("list.number", { number: answer.number })}</span>
          {answer.is_demo && <Tag look="demo">{t("frame.demo")}</Tag>}
        </nav>
        <div className={styles.headActs}>
          <UndoButtons />
          {isPublic(answer.phase) && <ButtonLink isSmall icon="globe" href={`/m/${answer.number}`}>{t("list.page")}</ButtonLink>}
          <PlanMenu />
        </div>
      </div>
      <header className={styles.head}>
        <h1 tabIndex={-1}><Words of={title} /></h1>
        <p className={styles.sub}>
          <span>{day ? `${dayAndYear(day, language)}, ${weekday(day, language)}${starts ? `, ${starts}` : ""}` : t("list.noDay")}</span>
          {cities.length > 0 && <span>{cities.join(", ")}</span>}
          <Lamp state={PHASE_LAMPS[answer.phase]}>{t(`phase.${answer.phase}`)}</Lamp>
          <SavingLamp />
        </p>
      </header>
      <Steps label={t("frame.steps")} steps={STEPS.map((step, index) => ({ key: step, ...lampOf(step, answer, t), href: writeAddress({ page: "meeting", number: answer.number, card: step }), words: `${index + 1}. ${t(`step.${step}`)}` }))} current={card as StepKey} onFollow={follow} />
      <Standing />
    </>
  );
}

/** A step with questions asks for attention; one that nobody has touched waits. */
function lampOf(step: StepKey, answer: PlanAnswer, t: ReturnType<typeof useCabinetWords>): { state: LampState; stateWords: string } {
  if (step === "agreement") return answer.phase === "draft" ? { state: "wait", stateWords: t("list.notBegun") } : { state: "ok", stateWords: t("list.ready") };
  const count = answer.findings.filter((finding) => finding.step === step).length;
  const isTouched = answer.steps.some((one) => one.step === step && one.version > 0);
  if (count === 0) return { state: "ok", stateWords: t("list.ready") };
  return isTouched ? { state: "warn", stateWords: t("list.questions", { count }) } : { state: "wait", stateWords: t("list.notBegun") };
}

/** What everybody on the card must know before he writes. */
function Standing() {
  const t = usePlanWords();
  const { state, draft } = usePlan();
  const { session } = useCabinet();
  const [isSeen, setSeen] = useState(false);
  const { answer } = state.whole;
  const { account } = session.snapshot();
  return (
    <div className={styles.standing}>
      {state.conflicts.length > 0 && (
        <Notice look="warn" isSpoken title={t("conflict.title", { count: state.conflicts.length })} action={<><Button isSmall onClick={() => draft.chooseAll(true)}>{t("conflict.takeAll")}</Button><Button isSmall look="quiet" onClick={() => draft.chooseAll(false)}>{t("conflict.keepAll")}</Button></>}>
          {t("conflict.hint")}
        </Notice>
      )}
      {answer.is_frozen && <Notice icon="lock">{t("standing.frozen")}</Notice>}
      {!answer.is_frozen && account?.can_plan === false && <Notice icon="eye">{t("standing.readOnly")}</Notice>}
      {!answer.is_frozen && answer.announced_at !== null && account?.can_plan && !isSeen && (
        <Notice icon="globe" title={t("standing.public")} action={<Button isSmall look="quiet" onClick={() => setSeen(true)}>{t("standing.seen")}</Button>}>{t("standing.publicHint")}</Notice>
      )}
    </div>
  );
}
