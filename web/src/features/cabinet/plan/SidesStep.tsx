// Step 2: the sides as equal columns, the host first, each with its halls.
import { useState } from "react";

import type { Text } from "../../../api/contract";
import { useLanguage, useText, Words } from "../../../i18n/LanguageContext";
import { Empty, Notice } from "../../../ui/blocks";
import { SelectField, Switch } from "../../../ui/choices";
import { Dialog } from "../../../ui/Dialog";
import { Button, Tag } from "../../../ui/parts";
import { TextField, TextInLanguages } from "../../../ui/TextField";
import { writeAddress } from "../address";
import { useFollow } from "../cabinet";
import { HallCard } from "./HallCard";
import { NewHallDialog } from "./NewHallDialog";
import { callLine } from "./people";
import { newId, type Side } from "./plan";
import styles from "./plan.module.css";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

const WORDINGS = ["names", "groups"] as const;

export function SidesStep() {
  const t = usePlanWords();
  const { steps, field } = usePlan();
  const [isAdding, setAdding] = useState(false);
  const problem = field("sides").error;
  return (
    <>
      {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
      {steps.sides.length === 0 && <Empty title={t("sides.empty")}>{t("sides.emptyHint")}</Empty>}
      <div className={styles.pairing}>
        {steps.sides.map((side, index) => (
          <SideColumn key={side.id} side={side} order={index + 1} />
        ))}
      </div>
      <Button icon="plus" className={styles.below} onClick={() => setAdding(true)}>{t("sides.add")}</Button>
      {isAdding && <NewSideDialog onClose={() => setAdding(false)} />}
    </>
  );
}

function SideColumn({ side, order }: { side: Side; order: number }) {
  const t = usePlanWords();
  const text = useText();
  const { steps, languages, write, field } = usePlan();
  const [isAddingHall, setAddingHall] = useState(false);
  const set = <K extends keyof Side>(key: K, value: Side[K]): void => write(["sides", side.id, key], value);
  const host = (): void => write(["sides"], [side, ...steps.sides.filter(({ id }) => id !== side.id)]);
  const isUsed = side.sites.length > 0 || steps.roster.some((line) => line.side === side.id);
  return (
    <section className={styles.side} data-order={order} aria-label={text(side.name)}>
      <header>
        <span className="emblem" role="img" aria-label={t("sides.emblem")} />
        <h2><Words of={side.name} /></h2>
        {order === 1 ? <Tag>{t("sides.host")}</Tag> : <Button isSmall icon="arrow-left-right" onClick={host}>{t("sides.makeHost")}</Button>}
      </header>
      <TextInLanguages label={t("sides.name")} value={side.name} onChange={(name) => set("name", name)} languages={languages} {...field("sides", side.id, "name")} />
      <Leader side={side} />
      {side.sites.map((site) => (
        <HallCard key={site.id} side={side} site={site} />
      ))}
      <Button icon="plus" className={styles.start} onClick={() => setAddingHall(true)}>{t("sides.addHall")}</Button>
      <hr />
      <TextField label={t("sides.office")} hint={t("sides.officeHint")} type="email" value={side.office_contact ?? ""} onChange={(contact) => set("office_contact", contact.trim() || null)} {...field("sides", side.id, "office_contact")} />
      <SelectField label={t("sides.wording")} value={side.wording} choices={WORDINGS.map((value) => ({ value, words: t(`wording.${value}`) }))} onChange={(wording) => set("wording", wording)} {...field("sides", side.id, "wording")} />
      <Switch label={t("sides.others")} hint={t("sides.othersHint")} isOn={side.has_others} onChange={(hasOthers) => set("has_others", hasOthers)} />
      {!isUsed && <Button look="quiet" className={styles.start} onClick={() => write(["sides"], steps.sides.filter(({ id }) => id !== side.id))}>{t("sides.remove")}</Button>}
      {isAddingHall && <NewHallDialog side={side} onClose={() => setAddingHall(false)} />}
    </section>
  );
}

/** Who leads is a line of the roster: here it is chosen, there it is written. */
function Leader({ side }: { side: Side }) {
  const t = usePlanWords();
  const text = useText();
  const follow = useFollow();
  const { steps, state, write, field } = usePlan();
  const { language } = useLanguage();
  const people = steps.roster.filter((line) => line.side === side.id && line.count === 1);
  const leader = people.find((line) => line.leads_side);
  const choose = (id: string): void => write(["roster"], steps.roster.map((line) => (line.side === side.id ? { ...line, leads_side: line.id === id } : line)));
  if (people.length === 0) {
    return (
      <p className={styles.quiet}>
        {t("sides.noPeople")} <a href={writeAddress({ page: "meeting", number: state.whole.answer.number, card: "roster" })} onClick={follow}>{t("sides.toPeople")}</a>
      </p>
    );
  }
  return (
    <SelectField
      label={t("sides.leader")}
      hint={leader && text(leader.post)}
      value={leader?.id ?? ""}
      choices={[...(leader ? [] : [{ value: "", words: t("sides.nobody") }]), ...people.map((line) => ({ value: line.id, words: callLine(line, language) }))]}
      onChange={choose}
      {...(leader ? field("roster", leader.id, "leads_side") : {})}
    />
  );
}

function NewSideDialog({ onClose }: { onClose: () => void }) {
  const t = usePlanWords();
  const { steps, languages, write } = usePlan();
  const [name, setName] = useState<Text>({});
  const add = (): void => {
    write(["sides"], [...steps.sides, { id: newId(), name, sites: [], office_contact: null, wording: "names", has_others: false }]);
    onClose();
  };
  return (
    <Dialog title={t("sides.add")} closeWords={t("dialog.back")} onClose={onClose} act={{ words: t("dialog.add"), onAct: add, isSafe: true, isDead: Object.keys(name).length === 0 }}>
      <TextInLanguages label={t("sides.name")} value={name} onChange={setName} languages={languages} />
    </Dialog>
  );
}
