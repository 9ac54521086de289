// The plan as an office reads it before it agrees: when and where, who on each side, what happens, what is recorded.
import type { OfficeAnswer } from "../../api/shapes";
import { dayAndYear, weekday } from "../../i18n/dates";
import { useLanguage, useText, Words } from "../../i18n/LanguageContext";
import { Table } from "../../ui/blocks";
import { SideMark, Tag } from "../../ui/parts";
import { ITEM_ICONS, isCeremony } from "../cabinet/plan/items";
import { listedName, peopleOf } from "../cabinet/plan/people";
import { isGroup, type Line, type PlanSteps, type Side } from "../cabinet/plan/plan";
import { ProgrammeSums } from "../cabinet/plan/ProgrammeSums";
import { minutesIn, sumsOf } from "../cabinet/plan/sums";
import { usePlanWords } from "../cabinet/plan/words";
import { wholePlanOf } from "./office";
import styles from "./office.module.css";
import { useOfficeWords } from "./words";

export function PlanToRead({ answer }: { answer: OfficeAnswer }) {
  const t = useOfficeWords();
  const plan = wholePlanOf(answer);
  const { lead, background } = plan.substance;
  return (
    <>
      <section className={styles.part} aria-labelledby="plan">
        <h2 id="plan">{t("plan.title")}</h2>
        <Facts plan={plan} />
        {lead && <p className={styles.prose}><Words of={lead} /></p>}
        {background.map((paragraph, index) => <p key={index} className={styles.prose}><Words of={paragraph} /></p>)}
      </section>
      <section className={styles.part} aria-labelledby="sides">
        <h2 id="sides">{t("plan.sides")}</h2>
        <div className={styles.pairing}>
          {plan.sides.map((side, index) => <SideToRead key={side.id} side={side} order={index + 1} lines={peopleOf(side, plan.roster)} isOwn={side.id === answer.side} />)}
        </div>
      </section>
      <Programme plan={plan} />
    </>
  );
}

function Facts({ plan }: { plan: PlanSteps }) {
  const t = useOfficeWords();
  const p = usePlanWords();
  const { language } = useLanguage();
  const { kind, day, starts, ends, zone } = plan.substance;
  const { webcast, record, retention_days, legal_ground } = plan.access;
  return (
    <dl className={styles.facts}>
      <dt>{p("substance.kind")}</dt><dd>{p(`kind.${kind}`)}</dd>
      <dt>{p("substance.whenTitle")}</dt>
      <dd>{day ? `${dayAndYear(day, language)}, ${weekday(day, language)}` : t("plan.noDay")}{starts && `, ${ends ? `${starts}–${ends}` : starts} (${zone})`}</dd>
      <dt>{p("access.webcast")}</dt><dd>{p(`webcast.${webcast}`)}. {p(`webcastHint.${webcast}`)}</dd>
      <dt>{p("access.record")}</dt><dd>{p(`record.${record}`)}. {p(`recordHint.${record}`)}{retention_days !== null && ` ${p("access.retention")}: ${retention_days}.`}</dd>
      {legal_ground && <><dt>{p("access.ground")}</dt><dd>{legal_ground}</dd></>}
    </dl>
  );
}

function SideToRead({ side, order, lines, isOwn }: { side: Side; order: number; lines: readonly Line[]; isOwn: boolean }) {
  const t = useOfficeWords();
  const text = useText();
  return (
    <div className={styles.side}>
      <h3><SideMark order={order}><Words of={side.name} /></SideMark></h3>
      <ul>
        {side.sites.map((site) => <li key={site.id}>{[text(site.city), text(site.name), site.address && text(site.address)].filter(Boolean).join(", ")}</li>)}
      </ul>
      {isOwn ? <p className={styles.quiet}>{t("plan.ownBelow")}</p> : <People lines={lines} />}
      {side.has_others && <p>{t("plan.others")}</p>}
    </div>
  );
}

function People({ lines }: { lines: readonly Line[] }) {
  const t = useOfficeWords();
  const p = usePlanWords();
  if (lines.length === 0) return <p className={styles.quiet}>{t("plan.nobody")}</p>;
  return (
    <ol className={styles.people}>
      {lines.map((line) => {
        const name = listedName(line);
        return (
          <li key={line.id}>
            <b><Words of={name ?? line.post} /></b>
            {name && <span><Words of={line.post} /></span>}
            {isGroup(line) && <span>{line.count === null ? p("roster.uncounted") : p("roster.groupOf", { count: line.count })}</span>}
            {line.role !== "participant" && !isGroup(line) && <span>{p(`role.${line.role}`)}</span>}
          </li>
        );
      })}
    </ol>
  );
}

function Programme({ plan }: { plan: PlanSteps }) {
  const t = usePlanWords();
  const sums = sumsOf(plan.substance, plan.programme);
  return (
    <section className={styles.part}>
      <h2>{t("programme.title")}</h2>
      {plan.programme.length === 0 ? (
        <p className={styles.quiet}>{t("programme.empty")}</p>
      ) : (
        <>
          <ProgrammeSums sums={sums} items={plan.programme} openId={null} onOpen={() => undefined} />
          <div className={styles.sheet}>
            <Table caption={t("programme.title")} isCaptionHidden head={[t("roster.number"), t("programme.starts"), t("programme.item"), t("programme.kind"), t("programme.minutes")]}>
              <tbody>
                {plan.programme.map((item, index) => (
                  <tr key={item.id}>
                    <td>{index + 1}</td>
                    <td className={styles.hour}>{sums.starts[index] ?? "—"}</td>
                    <td><Words of={item.title} />{item.note && <small className={styles.note}><Words of={item.note} /></small>}</td>
                    <td><Tag look={isCeremony(item.kind) ? "ceremony" : undefined} icon={ITEM_ICONS[item.kind]}>{t(`item.${item.kind}`)}</Tag></td>
                    <td>{minutesIn(item)}</td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </div>
        </>
      )}
    </section>
  );
}
