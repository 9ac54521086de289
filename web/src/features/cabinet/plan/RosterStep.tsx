// Step 3: who takes part, side by side, host first; the order within a side is the order of precedence.
import { useState } from "react";

import { useLanguage, useText, Words } from "../../../i18n/LanguageContext";
import { Empty, GroupRow, Notice, Table, Toolbar } from "../../../ui/blocks";
import { Button, Lamp, SideMark } from "../../../ui/parts";
import { useReorder } from "../../../ui/useReorder";
import { ImportDialog } from "./ImportDialog";
import { callLine, isNameless, listedName, numbersOf, peopleOf } from "./people";
import { isGroup, newGroup, newLine, peopleIn, type Line, type Side } from "./plan";
import styles from "./plan.module.css";
import { RosterPanel } from "./RosterPanel";
import { useRosterTools } from "./rosterTools";
import { usePlan } from "./usePlan";
import { useSayReorder } from "./useSayReorder";
import { usePlanWords } from "./words";

const COLUMNS = 5;

interface RosterStepProps {
  /** The only side whose people are shown and kept; all sides where it is left out. */
  readonly keeps?: string;
}

export function RosterStep({ keeps }: RosterStepProps) {
  const t = usePlanWords();
  const { steps, field } = usePlan();
  const { readRoster } = useRosterTools();
  const [openId, setOpenId] = useState<string | null>(null);
  const [fresh, setFresh] = useState<Line | null>(null);
  const [isImporting, setImporting] = useState(false);
  const open = fresh ?? steps.roster.find(({ id }) => id === openId) ?? null;
  const kept = steps.sides.filter(({ id }) => keeps === undefined || id === keeps);
  const [first] = kept;
  const nameless = kept.flatMap((side) => peopleOf(side, steps.roster)).filter(isNameless).length;
  const problem = field("roster").error;
  const begin = (line: Line): void => {
    setFresh(line);
    setOpenId(null);
  };
  if (!first) return <Empty title={t("roster.noSides")}>{t("roster.noSidesHint")}</Empty>;
  return (
    <div className={styles.work}>
      <div className={styles.sheet}>
        <div className={styles.tools}>
          <Toolbar label={t("roster.tools")}>
            {readRoster && <Button icon="upload" onClick={() => setImporting(true)}>{t("import.title")}</Button>}
            <Button icon="plus" onClick={() => begin(newLine(first))}>{t("roster.addPerson")}</Button>
            <Button icon="users" onClick={() => begin(newGroup(first))}>{t("roster.addGroup")}</Button>
          </Toolbar>
          {nameless > 0 && <Lamp state="warn">{t("roster.nameless", { count: nameless })}</Lamp>}
        </div>
        {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
        <Table caption={t("roster.title")} isCaptionHidden className={styles.roster} head={[t("roster.number"), t("roster.who"), t("roster.role"), t("roster.word"), t("roster.announced")]}>
          {kept.map((side) => (
            <SideRows key={side.id} side={side} order={steps.sides.indexOf(side) + 1} openId={open?.id ?? null} onOpen={(id) => {
              setFresh(null);
              setOpenId(id);
            }} />
          ))}
        </Table>
        <p className={styles.keys}>{t("roster.keys")}</p>
      </div>
      {isImporting && readRoster && <ImportDialog readRoster={readRoster} onClose={() => setImporting(false)} />}
      {open && (
        <RosterPanel
          key={open.id}
          line={open}
          isSideFixed={keeps !== undefined}
          fresh={fresh && { change: setFresh, put: () => {
            setFresh(null);
            setOpenId(fresh.id);
          } }}
          onClose={() => {
            setFresh(null);
            setOpenId(null);
          }}
        />
      )}
    </div>
  );
}

function SideRows({ side, order, openId, onOpen }: { side: Side; order: number; openId: string | null; onOpen: (id: string) => void }) {
  const t = usePlanWords();
  const text = useText();
  const { language } = useLanguage();
  const { steps, write } = usePlan();
  const lines = peopleOf(side, steps.roster);
  const halls = side.sites.map(({ name }) => text(name)).join(", ");
  const say = useSayReorder((id) => callLine(steps.roster.find((line) => line.id === id) ?? newLine(side), language));
  const reorder = useReorder({
    order: lines.map(({ id }) => id),
    say,
    onPut: (ids) => {
      const places = steps.roster.flatMap((line, index) => (line.side === side.id ? [index] : []));
      const next = [...steps.roster];
      for (const [at, place] of places.entries()) {
        const line = lines.find(({ id }) => id === ids[at]);
        if (line) next[place] = line;
      }
      write(["roster"], next);
    },
  });
  const shown = reorder.order.flatMap((id) => lines.find((line) => line.id === id) ?? []);
  const numbers = numbersOf(shown);
  return (
    <tbody>
      <GroupRow columns={COLUMNS}>
        <SideMark order={order}>{[text(side.name), halls].filter(Boolean).join(", ")}</SideMark>
        <small>{t("roster.count", { count: peopleIn(lines) })}{order === 1 && `, ${t("sides.host")}`}</small>
      </GroupRow>
      {shown.map((line, index) => (
        <tr key={line.id} {...reorder.row(line.id)} data-open={line.id === openId || undefined}>
          <td>
            <button type="button" className={styles.grip} aria-label={t("roster.move", { name: callLine(line, language), number: numbers[index] ?? "" })} {...reorder.grip(line.id)}>
              <span>{numbers[index]}</span>
            </button>
          </td>
          <td className={styles.person}>
            <button type="button" aria-pressed={line.id === openId} onClick={() => onOpen(line.id)}><NameOf line={line} /></button>
            {!isGroup(line) || listedName(line) ? <p><Words of={line.post} /></p> : <p>{line.count === null ? t("roster.uncounted") : t("roster.groupOf", { count: line.count })}</p>}
          </td>
          <td>
            {t(`role.${line.role}`)}
            <small>{placeOf(line, side, text, t("roster.remote"), (seat) => t("roster.seat", { seat }))}</small>
          </td>
          <td data-label={t("roster.word")}><Lamp state={line.may_speak ? "ok" : "off"}>{t(line.may_speak ? "conflict.yes" : "conflict.no")}</Lamp></td>
          <td data-label={t("roster.announced")}><Lamp state={line.is_announced && line.allows_publication ? "ok" : "off"}>{t(line.is_announced && line.allows_publication ? (isGroup(line) ? "roster.asGroup" : "conflict.yes") : "conflict.no")}</Lamp></td>
        </tr>
      ))}
      {shown.length === 0 && <tr><td colSpan={COLUMNS} className={styles.quiet}>{t("roster.nobody")}</td></tr>}
    </tbody>
  );
}

function NameOf({ line }: { line: Line }) {
  const t = usePlanWords();
  const name = listedName(line);
  if (name) return <Words of={name} />;
  return isGroup(line) ? <Words of={line.post} /> : <span className={styles.missing}>{t("roster.noName")}</span>;
}

function placeOf(line: Line, side: Side, text: ReturnType<typeof useText>, remote: string, seat: (seat: string) => string): string {
  if (line.site === null) return isGroup(line) ? "" : remote;
  if (line.seat) return seat(line.seat);
  const hall = side.sites.find(({ id }) => id === line.site);
  return side.sites.length > 1 && hall ? text(hall.name) : "";
}
