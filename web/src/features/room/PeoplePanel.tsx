// Who is connected, by side, host first. Every connection that can see or hear is here; spectators are not among them.
import type { Side } from "../../api/contract";
import { Words } from "../../i18n/LanguageContext";
import type { LineQuality, Person } from "../../media/connection";
import { Icon, Lamp } from "../../ui/parts";
import styles from "./room.module.css";
import { useRoomWords, type RoomKey } from "./words";

interface PeoplePanelProps {
  readonly people: readonly Person[];
  readonly sides: readonly Side[];
  readonly nameOf: (person: Person) => string;
}

export function PeoplePanel({ people, sides, nameOf }: PeoplePanelProps) {
  const t = useRoomWords();
  const inOrder = sides.toSorted((a, b) => a.order - b.order);
  const others = people.filter(({ side }) => !sides.some(({ id }) => id === side));
  const own = people.find(({ isLocal }) => isLocal);
  return (
    <aside className={styles.people} aria-labelledby="people-title">
      <div className={styles.peopleHead}>
        <h2 id="people-title">{t("meeting.people")}</h2>
        <span className="num">{t("meeting.connected", { count: people.length })}</span>
      </div>
      {inOrder.map((side) => {
        const present = people.filter((person) => person.side === side.id);
        return (
          present.length > 0 && (
            <section key={side.id}>
              <h3 className={side.order === 1 ? "side" : "side side--2"}><Words of={side.name} /></h3>
              <PeopleList people={present} nameOf={nameOf} />
            </section>
          )
        );
      })}
      {others.length > 0 && (
        <section>
          <h3>{t("meeting.withoutSide")}</h3>
          <PeopleList people={others} nameOf={nameOf} />
        </section>
      )}
      {people.every(({ isLocal }) => isLocal) && <p className={styles.small}>{t("meeting.alone")}</p>}
      {own && (
        <p className={styles.ownLine}>
          <span>{t("meeting.yourLine")}</span>
          <LineLamp line={own.line} />
        </p>
      )}
    </aside>
  );
}

const LINES: Record<LineQuality, { lamp: "ok" | "warn" | "off" | "wait"; words: RoomKey }> = {
  good: { lamp: "ok", words: "meeting.lineGood" },
  poor: { lamp: "warn", words: "meeting.linePoor" },
  lost: { lamp: "off", words: "meeting.lineLost" },
  unknown: { lamp: "wait", words: "check.lineMeasuring" },
};

const LineLamp = ({ line }: { line: LineQuality }) => {
  const t = useRoomWords();
  return <Lamp state={LINES[line].lamp}>{t(LINES[line].words)}</Lamp>;
};

function PeopleList({ people, nameOf }: { people: readonly Person[]; nameOf: (person: Person) => string }) {
  const t = useRoomWords();
  return (
    <ul>
      {people.map((person) => (
        <li key={person.identity} data-speaking={person.isSpeaking || undefined}>
          <span className={styles.personName}>
            {nameOf(person)}
            {person.kind === "hall" && <small>{t("meeting.hall")}</small>}
            {person.isLocal && <small>{t("meeting.you").toLowerCase()}</small>}
            {person.post && <span className={styles.personPost}>{person.post}</span>}
          </span>
          <span className={styles.personState}>
            {person.isSpeaking && <span>{t("meeting.speaking")}</span>}
            {!person.isLocal && (person.line === "poor" || person.line === "lost") && <LineLamp line={person.line} />}
            {person.microphone !== "open" && (
              <span className={styles.quietState}>
                <Icon name="mic-off" size="s" />
                {t("meeting.microphoneClosed")}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
