// How each line of a list was understood: its own words on the left with what each became, and the fields it will fill on the
// right, each open to correction. Doubt is amber and said; nothing is left out.
import { useText } from "../../../i18n/LanguageContext";
import { SelectField, Switch } from "../../../ui/choices";
import { Lamp } from "../../../ui/parts";
import { TextField } from "../../../ui/TextField";
import styles from "./import.module.css";
import { isGroup, type Line } from "./plan";
import { canBeTaken, isTwin, piecesOf, type Reading } from "./reading";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

const ROLES = ["co_chair", "rapporteur", "participant", "invited", "interpreter", "signer", "press", "staff"] as const;

export function ImportPreview({ readings, onChange }: { readings: readonly Reading[]; onChange: (readings: readonly Reading[]) => void }) {
  const t = usePlanWords();
  const doubtful = readings.filter(({ row }) => row.confidence === "doubtful" || row.doubts.length > 0).length;
  const set = (key: string, change: Partial<Reading>): void => onChange(readings.map((reading) => (reading.key === key ? { ...reading, ...change } : reading)));
  return (
    <>
      <p className={styles.summary}>
        <span>{t("import.lines", { count: readings.length })}</span>
        {doubtful > 0 ? <Lamp state="warn">{t("import.doubtful", { count: doubtful })}</Lamp> : <Lamp state="ok">{t("import.clear")}</Lamp>}
      </p>
      <ol className={styles.readings}>
        {readings.map((reading) => (
          <Row key={reading.key} reading={reading} onChange={(change) => set(reading.key, change)} />
        ))}
      </ol>
    </>
  );
}

function Row({ reading, onChange }: { reading: Reading; onChange: (change: Partial<Reading>) => void }) {
  const t = usePlanWords();
  const text = useText();
  const { steps } = usePlan();
  const { row, line, isTaken } = reading;
  const own = steps.substance.language;
  const set = (change: Partial<Line>): void => onChange({ line: { ...line, ...change } });
  const isDoubtful = row.confidence === "doubtful" || row.doubts.length > 0;
  const label = t("import.line", { number: row.number });
  return (
    <li className={styles.reading} data-doubtful={isDoubtful || undefined} data-taken={isTaken || undefined} aria-label={label}>
      <div className={styles.source}>
        <small>{row.part ? `${row.part}, ${label.toLowerCase()}` : label}</small>
        <p>
          {piecesOf(row).map(({ words, field, isDoubtful: isPieceDoubtful }, index) =>
            field ? (
              <mark key={index} data-doubtful={isPieceDoubtful || undefined} title={t(`piece.${field}`)}>
                {words}
                <span className="visually-hidden"> ({t(`piece.${field}`)})</span>
              </mark>
            ) : (
              <span key={index}>{words}</span>
            ),
          )}
        </p>
        {row.doubts.map((doubt) => (
          <Lamp key={doubt} state="warn">{t(`doubt.${doubt}`)}</Lamp>
        ))}
        {isTwin(row) && <Lamp state="warn">{t("import.twin")}</Lamp>}
        {row.twins.some((twin) => twin.row !== null) && <Lamp state="warn">{t("import.twinHere")}</Lamp>}
        {isTaken && !canBeTaken(reading) && <Lamp state="warn">{t("person.needsPost")}</Lamp>}
        <Switch label={t(row.kind === "heading" ? "import.takeHeading" : "import.takeLine")} isOn={isTaken} onChange={(isOn) => onChange({ isTaken: isOn })} />
      </div>
      {isTaken && (
        <div className={styles.understood}>
          {!isGroup(line) && (
            <>
              <NamePart part="surname" line={line} set={set} />
              <NamePart part="given" line={line} set={set} />
              <NamePart part="patronymic" line={line} set={set} />
            </>
          )}
          <TextField label={isGroup(line) ? t("person.groupName") : t("person.post")} lang={own} isLong value={line.post[own] ?? ""} onChange={(post) => set({ post: post ? { ...line.post, [own]: post } : {} })} />
          <SelectField label={t("person.side")} value={line.side} choices={steps.sides.map(({ id, name }) => ({ value: id, words: text(name) }))} onChange={(side) => set({ side, site: steps.sides.find(({ id }) => id === side)?.sites[0]?.id ?? null })} />
          <SelectField label={t("person.role")} value={line.role} choices={ROLES.map((value) => ({ value, words: t(`role.${value}`) }))} onChange={(role) => set({ role })} />
        </div>
      )}
    </li>
  );
}

/** The name as it was written; its forms in other languages are corrected in the roster, with the title in sight. */
function NamePart({ part, line, set }: { part: "surname" | "given" | "patronymic"; line: Line; set: (change: Partial<Line>) => void }) {
  const t = usePlanWords();
  const { steps } = usePlan();
  const own = steps.substance.language;
  const name = line.full_name ?? { surname: {}, given: null, patronymic: null };
  const write = (words: string): void => {
    const next = { ...name, [part]: words || part === "surname" ? { ...name[part], [own]: words } : null };
    set({ full_name: next.surname[own] ? next : null });
  };
  return <TextField label={t(`person.${part}`)} lang={own} value={name[part]?.[own] ?? ""} onChange={write} />;
}
