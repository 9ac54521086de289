// Step 5: who may watch, what is kept, for how long and by which right.
import type { AccessShape } from "../../../api/shapes";
import { ChoiceField, NumberField, Switch } from "../../../ui/choices";
import { TextField } from "../../../ui/TextField";
import styles from "./plan.module.css";
import { StaffPanel } from "./StaffPanel";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

const WEBCASTS = ["none", "by_link", "open"] as const;
const RECORDS = ["none", "programme", "programme_and_sites"] as const;
const RETENTION_DAYS_MAX = 36_525;
const RETENTION_DAYS_USUAL = 1_826;

export function AccessStep() {
  const t = usePlanWords();
  const { steps, write, field } = usePlan();
  const { access } = steps;
  const set = <K extends keyof AccessShape>(key: K, value: AccessShape[K]): void => write(["access", key], value);
  const isRecorded = access.record !== "none";
  return (
    <div className={styles.form}>
      <section className={styles.panel}>
        <ChoiceField name="webcast" label={t("access.webcast")} value={access.webcast} choices={WEBCASTS.map((value) => ({ value, words: t(`webcast.${value}`), hint: t(`webcastHint.${value}`) }))} onChange={(webcast) => set("webcast", webcast)} {...field("access", "webcast")} />
      </section>
      <section className={styles.panel}>
        <ChoiceField name="record" label={t("access.record")} value={access.record} choices={RECORDS.map((value) => ({ value, words: t(`record.${value}`), hint: t(`recordHint.${value}`) }))} onChange={(record) => set("record", record)} {...field("access", "record")} />
        {isRecorded && (
          <>
            <Switch label={t("access.hasRetention")} hint={t("access.hasRetentionHint")} isOn={access.retention_days !== null} onChange={(isKnown) => set("retention_days", isKnown ? RETENTION_DAYS_USUAL : null)} />
            {access.retention_days !== null && <NumberField label={t("access.retention")} hint={t("access.retentionHint", { years: Math.round((access.retention_days / 365.25) * 10) / 10 })} value={access.retention_days} min={1} max={RETENTION_DAYS_MAX} onChange={(days) => set("retention_days", days)} {...field("access", "retention_days")} />}
          </>
        )}
      </section>
      {(isRecorded || access.webcast !== "none") && (
        <section className={styles.panel}>
          <TextField label={t("access.ground")} hint={t("access.groundHint")} isLong value={access.legal_ground ?? ""} onChange={(ground) => set("legal_ground", ground || null)} {...field("access", "legal_ground")} />
        </section>
      )}
      <StaffPanel />
    </div>
  );
}
