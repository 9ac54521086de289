// Step 4: what happens, item by item, against the planned end; the sums follow every keystroke.
import { useState } from "react";

import { Words, useLanguage, chooseText } from "../../../i18n/LanguageContext";
import type { PlanWords } from "./words";
import { Notice, Table, Toolbar } from "../../../ui/blocks";
import { NumberField } from "../../../ui/choices";
import { Button, Icon, Key, Tag } from "../../../ui/parts";
import { useReorder } from "../../../ui/useReorder";
import { ITEM_ICONS, isCeremony, USUAL_MINUTES } from "./items";
import { ITEM_MINUTES_MAX, ProgrammePanel } from "./ProgrammePanel";
import { ProgrammeSums } from "./ProgrammeSums";
import { callLine } from "./people";
import { newItem, type Item, type PlanSteps } from "./plan";
import styles from "./plan.module.css";
import { minutesIn, sumsOf } from "./sums";
import { usePlan } from "./usePlan";
import { useSayReorder } from "./useSayReorder";
import { usePlanWords } from "./words";

export function ProgrammeStep() {
  const t = usePlanWords();
  const { steps, write, field } = usePlan();
  const { language } = useLanguage();
  const [openId, setOpenId] = useState<string | null>(null);
  const [fresh, setFresh] = useState<Item | null>(null);
  const items = steps.programme;
  const titleOf = (id: string): string => chooseText(items.find((item) => item.id === id)?.title ?? {}, language).words;
  const reorder = useReorder({
    order: items.map(({ id }) => id),
    say: useSayReorder(titleOf),
    onPut: (ids) => write(["programme"], ids.flatMap((id) => items.find((item) => item.id === id) ?? [])),
  });
  const shown = reorder.order.flatMap((id) => items.find((item) => item.id === id) ?? []);
  const sums = sumsOf(steps.substance, shown);
  const open = fresh ?? items.find(({ id }) => id === openId) ?? null;
  const problem = field("programme").error;
  const show = (id: string | null): void => {
    setFresh(null);
    setOpenId(id);
  };
  const addBreak = (): void => {
    const item = { ...newItem("break", USUAL_MINUTES.break), title: { be: "Перапынак", ru: "Перерыв", en: "Break" } };
    const place = open && !fresh ? items.indexOf(open) + 1 : items.length;
    write(["programme"], items.toSpliced(place, 0, item));
    show(item.id);
  };
  return (
    <div className={styles.work}>
      <div className={styles.stack}>
        <ProgrammeSums sums={sums} items={shown} openId={open?.id ?? null} onOpen={show} />
        <div className={styles.sheet}>
          {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
          <Table caption={t("programme.title")} isCaptionHidden className={styles.programme} head={[<span key="move" className="visually-hidden">{t("programme.move")}</span>, t("roster.number"), t("programme.starts"), t("programme.item"), t("programme.kind"), t("programme.minutes")]}>
            <tbody>
              {shown.map((item, index) => (
                <tr key={item.id} {...reorder.row(item.id)} data-open={item.id === open?.id || undefined}>
                  <td><button type="button" className={styles.grip} aria-label={t("programme.moveItem", { title: titleOf(item.id) })} {...reorder.grip(item.id)}><Icon name="grip-vertical" /></button></td>
                  <td className={styles.ordinal}>{index + 1}</td>
                  <td className={styles.hour}>{sums.starts[index] ?? "—"}</td>
                  <td className={styles.person}>
                    <button type="button" aria-pressed={item.id === open?.id} onClick={() => show(item.id)}><Words of={item.title} /></button>
                    <small>{speakersOf(item, steps, language, t)}</small>
                  </td>
                  <td><Tag look={isCeremony(item.kind) ? "ceremony" : undefined} icon={ITEM_ICONS[item.kind]}>{t(`item.${item.kind}`)}</Tag></td>
                  <td><NumberField label={t("programme.minutesOf", { title: titleOf(item.id) })} isLabelHidden isSmall value={minutesIn(item)} min={0} max={ITEM_MINUTES_MAX} onChange={(minutes) => write(["programme", item.id, "seconds"], minutes * 60)} /></td>
                </tr>
              ))}
              {shown.length === 0 && <tr><td colSpan={6} className={styles.quiet}>{t("programme.empty")}</td></tr>}
            </tbody>
          </Table>
          <div className={styles.foot}>
            <Toolbar label={t("programme.tools")}>
              <Button icon="plus" onClick={() => setFresh(newItem("speech", USUAL_MINUTES.speech))}>{t("programme.add")}</Button>
              <Button icon="coffee" onClick={addBreak}>{t("item.break")}</Button>
            </Toolbar>
            <p className={styles.keys}>{t("reorder.keys")} <Key>{t("reorder.space")}</Key> {t("reorder.take")}, <Key>↑</Key> <Key>↓</Key> {t("reorder.lead")}, <Key>Enter</Key> {t("reorder.putKey")}</p>
          </div>
        </div>
      </div>
      {open && (
        <ProgrammePanel
          key={open.id}
          item={open}
          number={fresh ? items.length + 1 : items.indexOf(open) + 1}
          fresh={fresh && { change: setFresh, put: () => show(fresh.id) }}
          onClose={() => show(null)}
        />
      )}
    </div>
  );
}

/** Under the title: who speaks, else what was noted, else whose time it is. */
function speakersOf(item: Item, steps: PlanSteps, language: Parameters<typeof callLine>[1], t: PlanWords): string {
  const speakers = item.rapporteurs.flatMap((id) => steps.roster.find((line) => line.id === id) ?? []);
  if (speakers.length > 0) return speakers.map((line) => callLine(line, language)).join(", ");
  if (item.note) return chooseText(item.note, language).words;
  const side = steps.sides.find(({ id }) => id === item.side);
  return side ? chooseText(side.name, language).words : t("programme.allSides");
}
