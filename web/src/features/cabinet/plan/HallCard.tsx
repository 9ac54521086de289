// One hall: where it is, who answers for its technique, what it has.
import type { Text } from "../../../api/contract";
import { useText, Words } from "../../../i18n/LanguageContext";
import { NumberField, SelectField, Switch } from "../../../ui/choices";
import { Button, Lamp } from "../../../ui/parts";
import { TextField, TextInLanguages } from "../../../ui/TextField";
import type { Side, Site } from "./plan";
import styles from "./plan.module.css";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";
import { zonesWith } from "./zones";

const SCREENS_MAX = 2;
const AUDIO = ["mixer_line", "room_microphone"] as const;

export function HallCard({ side, site }: { side: Side; site: Site }) {
  const t = usePlanWords();
  const text = useText();
  const { steps, languages, write, field } = usePlan();
  const at = (key: string): string[] => ["sides", side.id, "sites", site.id, key];
  const set = <K extends keyof Site>(key: K, value: Site[K]): void => write(at(key), value);
  const words = (value: Text): Text | null => (Object.keys(value).length > 0 ? value : null);
  const seated = steps.roster.filter((line) => line.site === site.id).length;
  const isReady = site.technician !== null && site.phone !== null && site.address !== null;
  return (
    <section className={styles.hall} aria-label={text(site.name)}>
      <header>
        <h3><Words of={site.name} /></h3>
        <Lamp state={isReady ? "ok" : "warn"}>{t(isReady ? "hall.ready" : "hall.lacking")}</Lamp>
      </header>
      <TextInLanguages label={t("hall.address")} value={site.address ?? {}} onChange={(address) => set("address", words(address))} languages={languages} {...field(...at("address"))} />
      <div className={styles.pair}>
        <TextField label={t("hall.technician")} value={site.technician ?? ""} onChange={(technician) => set("technician", technician || null)} {...field(...at("technician"))} />
        <TextField label={t("hall.phone")} type="tel" value={site.phone ?? ""} onChange={(phone) => set("phone", phone || null)} {...field(...at("phone"))} />
        <TextField label={t("hall.reservePhone")} hint={t("hall.reserveHint")} type="tel" value={site.reserve_phone ?? ""} onChange={(phone) => set("reserve_phone", phone || null)} {...field(...at("reserve_phone"))} />
        <SelectField label={t("hall.audio")} value={site.audio} choices={AUDIO.map((value) => ({ value, words: t(`audio.${value}`) }))} onChange={(audio) => set("audio", audio)} {...field(...at("audio"))} />
        <NumberField label={t("hall.screens")} value={site.screens} min={1} max={SCREENS_MAX} onChange={(screens) => set("screens", screens)} {...field(...at("screens"))} />
        <SelectField label={t("hall.zone")} value={site.zone} choices={zonesWith(site.zone)} onChange={(zone) => set("zone", zone)} {...field(...at("zone"))} />
      </div>
      <Switch label={t("hall.required")} hint={t("hall.requiredHint")} isOn={site.is_required} onChange={(isRequired) => set("is_required", isRequired)} />
      <details className={styles.details}>
        <summary>{t("hall.names")}</summary>
        <TextInLanguages label={t("hall.name")} value={site.name} onChange={(name) => set("name", name)} languages={languages} {...field(...at("name"))} />
        <TextInLanguages label={t("hall.city")} value={site.city} onChange={(city) => set("city", city)} languages={languages} {...field(...at("city"))} />
        <TextInLanguages label={t("hall.cityWith")} hint={t("hall.cityWithHint")} value={site.city_with ?? {}} onChange={(city) => set("city_with", words(city))} languages={languages} {...field(...at("city_with"))} />
      </details>
      {seated === 0 ? (
        <Button look="quiet" className={styles.start} onClick={() => write(["sides", side.id, "sites"], side.sites.filter(({ id }) => id !== site.id))}>{t("hall.remove")}</Button>
      ) : (
        <p className={styles.quiet}>{t("hall.seated", { count: seated })}</p>
      )}
    </section>
  );
}
