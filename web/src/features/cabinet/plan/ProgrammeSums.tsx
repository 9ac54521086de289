// All minutes beside the planned end, and the programme as a ribbon of them.
import { useText } from "../../../i18n/LanguageContext";
import { Lamp } from "../../../ui/parts";
import { isCeremony } from "./items";
import type { Item } from "./plan";
import styles from "./plan.module.css";
import { rulerOf, type Sums } from "./sums";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

export function ProgrammeSums({ sums, items, openId, onOpen }: { sums: Sums; items: readonly Item[]; openId: string | null; onOpen: (id: string) => void }) {
  const t = usePlanWords();
  const text = useText();
  const { steps } = usePlan();
  const { starts, ends } = steps.substance;
  const shares = steps.sides.map((side) => `${text(side.sites[0]?.city ?? side.name)} ${Math.round(sums.bySide.get(side.id) ?? 0)}`);
  return (
    <section className={styles.sums} aria-label={t("programme.sums")}>
      <header>
        <b>{t("programme.total", { count: sums.minutes })}</b>
        <EndLamp sums={sums} planned={ends} />
        <span>{[...shares, `${t("programme.together")} ${Math.round(sums.together)}`].join(", ")}</span>
      </header>
      {/* The table below says the same to those who do not see the ribbon. */}
      <div className={styles.ribbon} aria-hidden="true">
        {items.filter(({ seconds }) => seconds > 0).map((item) => (
          <span key={item.id} data-ceremony={isCeremony(item.kind) || undefined} data-open={item.id === openId || undefined} style={{ flex: item.seconds }} title={text(item.title)} onClick={() => onOpen(item.id)}>
            {items.indexOf(item) + 1}
          </span>
        ))}
      </div>
      {starts && sums.ends && (
        <div className={styles.ruler} aria-hidden="true">
          {rulerOf(starts, sums.minutes).map(({ hour, percent }) => (
            <span key={hour} style={{ left: `${percent}%` }}>{hour}</span>
          ))}
        </div>
      )}
    </section>
  );
}

function EndLamp({ sums, planned }: { sums: Sums; planned: string | null }) {
  const t = usePlanWords();
  if (!sums.ends) return <Lamp state="wait">{t("programme.noHour")}</Lamp>;
  if (!planned || sums.over === null) return <Lamp state="wait">{t("programme.endsAt", { hour: sums.ends })}</Lamp>;
  if (sums.over > 0) return <Lamp state="warn">{t("programme.endsLate", { hour: sums.ends, planned, count: sums.over })}</Lamp>;
  return <Lamp state="ok">{t("programme.endsWithin", { hour: sums.ends, planned })}</Lamp>;
}
