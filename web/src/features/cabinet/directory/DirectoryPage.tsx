// What meetings are made of again and again: people with their posts, organisations, bodies with their series.
import { useCallback, useState, type ReactNode } from "react";

import type { BodyShape, OrganisationShape, PersonShape, SeriesShape } from "../../../api/shapes";
import { dayAndYear } from "../../../i18n/dates";
import { useLanguage, useText, Words } from "../../../i18n/LanguageContext";
import { Empty, Table } from "../../../ui/blocks";
import { Button, Icon } from "../../../ui/parts";
import { Awaited } from "../Awaited";
import { useAccount, useCabinet } from "../cabinet";
import { useAnswer, type Answer } from "../useAnswer";
import { useCabinetWords } from "../words";
import { BodyDialog, OrganisationDialog, SeriesDialog } from "./dialogs";
import styles from "./directory.module.css";
import { PersonDialog } from "./PersonDialog";

const KINDS = ["people", "organisations", "bodies", "series"] as const;
type Kind = (typeof KINDS)[number];

export function DirectoryPage() {
  const t = useCabinetWords();
  const [kind, setKind] = useState<Kind>("people");
  return (
    <>
      <h1 tabIndex={-1} className={styles.title}>{t("nav.directory")}</h1>
      <div className={styles.kinds} role="group" aria-label={t("directory.kinds")}>
        {KINDS.map((one) => (
          <button key={one} type="button" aria-pressed={one === kind} onClick={() => setKind(one)}>{t(`directory.${one}`)}</button>
        ))}
      </div>
      {kind === "people" && <People />}
      {kind === "organisations" && <Organisations />}
      {kind === "bodies" && <Bodies />}
      {kind === "series" && <SeriesOf />}
    </>
  );
}

const NEW_PERSON: PersonShape = { id: null, version: 0, name: { surname: {}, given: null, patronymic: null }, posts: [], gender: null, email: null, phone: null, language: null };

function People() {
  const t = useCabinetWords();
  const text = useText();
  const { language } = useLanguage();
  const { keeping } = useCabinet();
  const [wanted, setWanted] = useState("");
  const answer = useAnswer(useCallback(() => keeping.readPeople(wanted.trim()), [keeping, wanted]));
  const [open, setOpen] = useState<PersonShape | null>(null);
  const nameOf = ({ name }: PersonShape): string => [name.surname, name.given ?? {}, name.patronymic ?? {}].map(text).filter(Boolean).join(" ");
  const postOf = (person: PersonShape): ReactNode => {
    const post = person.posts.at(-1);
    return post && <><Words of={post.title} />{post.since && <small>{t("directory.since", { day: dayAndYear(post.since, language) })}</small>}</>;
  };
  return (
    <Sheet wanted={wanted} onWanted={setWanted} add={t("directory.addPerson")} onAdd={() => setOpen(NEW_PERSON)}>
      <Awaited answer={answer} again={answer.again}>
        {(people) =>
          people.length === 0 ? (
            <Empty title={t(wanted ? "list.nothingFound" : "directory.noPeople")}>{t("directory.noPeopleHint")}</Empty>
          ) : (
            <Table caption={t("directory.people")} isCaptionHidden className={styles.table} head={[t("directory.name"), t("directory.post"), t("directory.contact")]}>
              <tbody>
                {people.map((person) => (
                  <tr key={person.id}>
                    <td><button type="button" className={styles.open} onClick={() => setOpen(person)}>{nameOf(person)}</button></td>
                    <td>{postOf(person)}</td>
                    <td>{person.email}{person.phone && <small>{person.phone}</small>}</td>
                  </tr>
                ))}
              </tbody>
            </Table>
          )
        }
      </Awaited>
      {open && <PersonDialog person={open} onClose={() => setOpen(null)} onKept={answer.again} />}
    </Sheet>
  );
}

const NEW_ORGANISATION: OrganisationShape = { id: null, version: 0, name: {}, short_name: null, region: null, zone: "Europe/Minsk", language: "ru", press_contact: null };

function Organisations() {
  const t = useCabinetWords();
  const { keeping } = useCabinet();
  const account = useAccount();
  const answer = useAnswer(useCallback(() => keeping.readOrganisations(), [keeping]));
  const [open, setOpen] = useState<OrganisationShape | null>(null);
  return (
    <Sheet add={account.can_keep_accounts ? t("directory.addOrganisation") : null} onAdd={() => setOpen(NEW_ORGANISATION)}>
      <Rows answer={answer} again={answer.again} head={[t("directory.name"), t("directory.contact")]} empty={t("directory.noOrganisations")} row={(one: OrganisationShape) => (
        <tr key={one.id}>
          <td><button type="button" className={styles.open} onClick={() => setOpen(one)}><Words of={one.name} /></button>{one.region && <small><Words of={one.region} /></small>}</td>
          <td>{one.press_contact}</td>
        </tr>
      )} />
      {open && <OrganisationDialog value={open} onClose={() => setOpen(null)} onKept={answer.again} />}
    </Sheet>
  );
}

const NEW_BODY: BodyShape = { id: null, version: 0, name: {}, founding_act: null, sides: [{}, {}] };

function Bodies() {
  const t = useCabinetWords();
  const text = useText();
  const { keeping } = useCabinet();
  const answer = useAnswer(useCallback(() => keeping.readBodies(), [keeping]));
  const [open, setOpen] = useState<BodyShape | null>(null);
  return (
    <Sheet add={t("directory.addBody")} onAdd={() => setOpen(NEW_BODY)}>
      <Rows answer={answer} again={answer.again} head={[t("directory.name"), t("directory.sides")]} empty={t("directory.noBodies")} row={(body: BodyShape) => (
        <tr key={body.id}>
          <td><button type="button" className={styles.open} onClick={() => setOpen(body)}><Words of={body.name} /></button></td>
          <td>{body.sides.map(text).join(", ")}</td>
        </tr>
      )} />
      {open && <BodyDialog value={open} onClose={() => setOpen(null)} onKept={answer.again} />}
    </Sheet>
  );
}

function SeriesOf() {
  const t = useCabinetWords();
  const text = useText();
  const { keeping } = useCabinet();
  const question = useCallback(async () => ({ series: await keeping.readSeriesOf(), bodies: await keeping.readBodies() }), [keeping]);
  const answer = useAnswer(question);
  const [open, setOpen] = useState<SeriesShape | null>(null);
  const bodies = answer.value?.bodies ?? [];
  const [first] = bodies;
  const begin = (): void => setOpen({ id: null, version: 0, body: first?.id ?? "", name: {}, numbering: "all", first_ordinal: 1 });
  return (
    <Sheet add={first ? t("directory.addSeries") : null} onAdd={begin}>
      <Awaited answer={answer} again={answer.again}>
        {({ series }) => (
          <Lines values={series} head={[t("directory.name"), t("directory.body")]} empty={t(first ? "directory.noSeries" : "directory.noBodies")} row={(one) => (
            <tr key={one.id}>
              <td><button type="button" className={styles.open} onClick={() => setOpen(one)}><Words of={one.name} /></button></td>
              <td>{text(bodies.find(({ id }) => id === one.body)?.name ?? {})}</td>
            </tr>
          )} />
        )}
      </Awaited>
      {open && <SeriesDialog value={open} bodies={bodies} onClose={() => setOpen(null)} onKept={answer.again} />}
    </Sheet>
  );
}

interface LinesProps<T> {
  readonly values: readonly T[];
  readonly head: readonly string[];
  readonly empty: string;
  readonly row: (value: T) => ReactNode;
}

function Lines<T>({ values, head, empty, row }: LinesProps<T>) {
  const t = useCabinetWords();
  if (values.length === 0) return <Empty title={empty} />;
  return <Table caption={t("nav.directory")} isCaptionHidden className={styles.table} head={head}><tbody>{values.map(row)}</tbody></Table>;
}

interface RowsProps<T> extends Omit<LinesProps<T>, "values"> {
  readonly answer: Answer<readonly T[]>;
  readonly again: () => void;
}

const Rows = <T,>({ answer, again, ...lines }: RowsProps<T>) => (
  <Awaited answer={answer} again={again}>{(values) => <Lines values={values} {...lines} />}</Awaited>
);

interface SheetProps {
  readonly wanted?: string;
  readonly onWanted?: (wanted: string) => void;
  /** null: the reader may not. */
  readonly add: string | null;
  readonly onAdd: () => void;
  readonly children: ReactNode;
}

function Sheet({ wanted, onWanted, add, onAdd, children }: SheetProps) {
  const t = useCabinetWords();
  const account = useAccount();
  return (
    <section className={styles.sheet}>
      <div className={styles.tools}>
        {onWanted && (
          <label className={styles.search}>
            <span className="visually-hidden">{t("directory.search")}</span>
            <Icon name="search" size="s" />
            <input type="search" value={wanted} placeholder={t("directory.search")} autoComplete="off" onChange={(event) => onWanted(event.target.value)} />
          </label>
        )}
        {add !== null && (account.can_plan || account.can_keep_accounts) && <Button icon="plus" onClick={onAdd}>{add}</Button>}
      </div>
      {children}
    </section>
  );
}
