// The nearest meeting: its day large, and five lamps that say how far it is.
import type { ReactNode } from "react";

import type { MeetingLine } from "../../../api/shapes";
import { useText, Words } from "../../../i18n/LanguageContext";
import { ButtonLink, Lamp, type LampState } from "../../../ui/parts";
import { writeAddress, type StepKey } from "../address";
import { useFollow } from "../cabinet";
import { isPublic, PHASE_LAMPS } from "../phases";
import { useCabinetWords } from "../words";
import styles from "./list.module.css";
import { useWhen } from "./when";

const SHOWN_STEPS = ["sides", "roster", "programme", "access"] as const satisfies readonly StepKey[];

export function Nearest({ meeting }: { meeting: MeetingLine }) {
  const t = useCabinetWords();
  const text = useText();
  const follow = useFollow();
  const { day, weekday, hour, inDays } = useWhen()(meeting);
  const places = meeting.cities.map(text).join(", ");
  const leaders = meeting.leaders.map(text).join(", ");
  const open = writeAddress({ page: "meeting", number: meeting.number, card: "substance" });
  return (
    <section className={styles.nearest} aria-label={t("list.nearest")}>
      <p className={styles.day}>
        <b>{day ?? t("list.noDay")}</b>
        <span>{[weekday, hour ?? t("list.noHour")].filter(Boolean).join(", ")}</span>
        <span>{inDays !== null && (inDays === 0 ? t("list.today") : inDays > 0 ? t("list.inDays", { count: inDays }) : null)}</span>
      </p>
      <div>
        <h2><Words of={meeting.title} /></h2>
        <p className={styles.sub}>{[places, leaders, t("list.people", { count: meeting.people })].filter(Boolean).join(". ")}</p>
      </div>
      <div className={styles.acts}>
        <ButtonLink look="primary" href={open} onClick={follow}>{t("list.open")}</ButtonLink>
        {isPublic(meeting.phase) && <ButtonLink icon="globe" href={`/m/${meeting.number}`}>{t("list.page")}</ButtonLink>}
      </div>
      <dl className={styles.path}>
        <Stage title={t("list.phase")} state={PHASE_LAMPS[meeting.phase]} words={t(`phase.${meeting.phase}`)}>{t("list.number", { number: meeting.number })}</Stage>
        {SHOWN_STEPS.map((step) => {
          const findings = meeting.findings.filter((finding) => finding.step === step);
          const href = writeAddress({ page: "meeting", number: meeting.number, card: step });
          return (
            <Stage key={step} title={step === "sides" ? t("list.places") : t(`step.${step}`)} state={findings.length > 0 ? "warn" : "ok"} words={findings.length > 0 ? t("list.questions", { count: findings.length }) : t("list.ready")}>
              <a href={href} onClick={follow}>{t("list.toStep")}<span className="visually-hidden"> {t(`step.${step}`)}</span></a>
            </Stage>
          );
        })}
      </dl>
    </section>
  );
}

const Stage = ({ title, state, words, children }: { title: string; state: LampState; words: string; children: ReactNode }) => (
  <div>
    <dt>{title}</dt>
    <dd><Lamp state={state}>{words}</Lamp></dd>
    <dd><small>{children}</small></dd>
  </div>
);
