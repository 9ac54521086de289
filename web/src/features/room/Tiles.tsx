// Everybody whose picture is not on the stage, and always the participant himself.
import type { Side, StageState } from "../../api/contract";
import type { Person } from "../../media/connection";
import type { DeskState } from "../../media/deviceDesk";
import { VideoView } from "../../stage/VideoView";
import { Icon, VisuallyHidden } from "../../ui/parts";
import styles from "./room.module.css";
import { offStage } from "./places";
import { useRoomWords } from "./words";

interface TilesProps {
  readonly people: readonly Person[];
  readonly stage: StageState;
  readonly desk: DeskState;
  readonly sides: readonly Side[];
  readonly nameOf: (person: Person) => string;
}

export function Tiles({ people, stage, desk, sides, nameOf }: TilesProps) {
  const t = useRoomWords();
  const shown = offStage(people, stage);
  if (shown.length === 0) return null;
  return (
    <ul className={styles.tiles} aria-label={t("meeting.tiles")}>
      {shown.map((person) => (
        <Tile key={person.identity} person={person} desk={desk} name={nameOf(person)} isSecondSide={sides.find(({ id }) => id === person.side)?.order === 2} />
      ))}
    </ul>
  );
}

function Tile({ person, desk, name, isSecondSide }: { person: Person; desk: DeskState; name: string; isSecondSide: boolean }) {
  const t = useRoomWords();
  const own = desk.camera.isOpen ? desk.camera.track : null;
  const media = person.isLocal ? own : person.camera && !person.camera.isMuted ? person.camera.media : null;
  return (
    <li className={styles.tile} data-speaking={person.isSpeaking || undefined} data-side={isSecondSide ? 2 : 1}>
      {media ? <VideoView media={media} label={name} isMirrored={person.isLocal} /> : <Icon name="video-off" size="l" />}
      <p>
        <span>{person.isLocal ? `${name} (${t("meeting.you").toLowerCase()})` : name}</span>
        {person.microphone !== "open" && (
          <>
            <Icon name="mic-off" size="s" />
            <VisuallyHidden>{t("meeting.microphoneClosed")}</VisuallyHidden>
          </>
        )}
      </p>
    </li>
  );
}
