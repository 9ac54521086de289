import { useState } from "react";

import type { Text } from "../../../api/contract";
import { SelectField } from "../../../ui/choices";
import { Dialog } from "../../../ui/Dialog";
import { TextInLanguages } from "../../../ui/TextField";
import { newId, type Side } from "./plan";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";
import { zonesWith } from "./zones";

export function NewHallDialog({ side, onClose }: { side: Side; onClose: () => void }) {
  const t = usePlanWords();
  const { steps, languages, write } = usePlan();
  const [city, setCity] = useState<Text>({});
  const [name, setName] = useState<Text>({});
  const [zone, setZone] = useState(steps.substance.zone);
  const isWhole = Object.keys(city).length > 0 && Object.keys(name).length > 0;
  const add = (): void => {
    const site = { id: newId(), city, city_with: null, name, zone, address: null, technician: null, phone: null, reserve_phone: null, audio: "mixer_line", screens: 1, is_required: true } as const;
    write(["sides", side.id, "sites"], [...side.sites, site]);
    onClose();
  };
  return (
    <Dialog title={t("sides.addHall")} closeWords={t("dialog.back")} onClose={onClose} act={{ words: t("dialog.add"), onAct: add, isSafe: true, isDead: !isWhole }}>
      <TextInLanguages label={t("hall.city")} value={city} onChange={setCity} languages={languages} />
      <TextInLanguages label={t("hall.name")} hint={t("hall.nameHint")} value={name} onChange={setName} languages={languages} />
      <SelectField label={t("hall.zone")} value={zone} choices={zonesWith(zone)} onChange={setZone} />
    </Dialog>
  );
}
