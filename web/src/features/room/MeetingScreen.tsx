// Inside: the programme everybody sees, the people beside it, and the controls in a place that never moves.
import { useRef, useState } from "react";

import type { Joined, StageCell } from "../../api/contract";
import { useLanguage, chooseText } from "../../i18n/LanguageContext";
import type { Person } from "../../media/connection";
import type { DeskState } from "../../media/deviceDesk";
import type { LiveState } from "../../live/liveState";
import type { RoomState, RoomStore } from "../../media/roomStore";
import { Stage, type CellPicture } from "../../stage/Stage";
import { VideoView } from "../../stage/VideoView";
import { Controls } from "./Controls";
import { DevicesDialog } from "./DevicesDialog";
import { KeysDialog } from "./KeysDialog";
import { LinkBanner } from "./LinkBanner";
import { PeoplePanel } from "./PeoplePanel";
import styles from "./room.module.css";
import { Tiles } from "./Tiles";
import { useKeys, useLetters } from "./useKeys";
import { useRoomWords } from "./words";

interface MeetingScreenProps {
  readonly store: RoomStore;
  readonly state: RoomState;
  readonly joined: Joined;
  readonly live: LiveState;
  readonly desk: DeskState;
}

export function pictureOf(cell: StageCell, people: readonly Person[]): CellPicture {
  if (cell.identity === null) return { state: "idle" };
  const person = people.find(({ identity }) => identity === cell.identity);
  const picture = cell.source === "camera" ? person?.camera : person?.screen;
  if (!person || person.line === "lost") return { state: "absent" };
  if (picture && !picture.isMuted) return { state: "shown", media: picture.media };
  return { state: picture ? "closed" : "absent" };
}

export function MeetingScreen({ store, state, joined, live, desk }: MeetingScreenProps) {
  const t = useRoomWords();
  const { language } = useLanguage();
  const [dialog, setDialog] = useState<"devices" | "keys" | null>(null);
  const [areLettersOn, setLettersOn] = useLetters();
  const bar = useRef<HTMLElement>(null);
  const nameOf = (person: Person): string => nameIn(person, joined, language);

  useKeys(areLettersOn, (act) => {
    switch (act) {
      case "microphone":
        return void (store.mayPublish("microphone") && store.desk.setOpen("microphone", !desk.microphone.isOpen));
      case "camera":
        return void (store.mayPublish("camera") && store.desk.setOpen("camera", !desk.camera.isOpen));
      case "fullScreen":
        return void toggleFullScreen();
      case "toControls":
        return bar.current?.querySelector<HTMLElement>("button")?.focus();
      case "keys":
        return setDialog("keys");
    }
  });

  const shared = state.people.find(({ screen, isLocal }) => screen && !screen.isMuted && !isLocal);
  const isSharedOnStage = live.stage.cells.some(({ source, identity }) => source === "screen_share" && identity === shared?.identity);
  const screen = shared?.screen && !isSharedOnStage ? { of: nameOf(shared), media: shared.screen.media } : null;

  return (
    <>
      <main className={styles.meeting}>
        <LinkBanner store={store} state={state} />
        <div className={styles.programme} data-shared={screen ? "" : undefined}>
          {screen && (
            <figure className={styles.screen}>
              <VideoView media={screen.media} label={t("meeting.screenOf", { name: screen.of })} fit="contain" />
              <figcaption>{t("meeting.screenOf", { name: screen.of })}</figcaption>
            </figure>
          )}
          <div className={styles.stage}>
            <Stage stage={live.stage} pictureOf={(cell) => pictureOf(cell, state.people)} />
          </div>
          <Tiles people={state.people} stage={live.stage} desk={desk} sides={joined.meeting.sides} nameOf={nameOf} />
        </div>
        <PeoplePanel people={state.people} sides={joined.meeting.sides} nameOf={nameOf} />
      </main>
      <Controls ref={bar} store={store} desk={desk} isScreenShared={state.isScreenShared} onDevices={() => setDialog("devices")} onKeys={() => setDialog("keys")} />
      {dialog === "devices" && <DevicesDialog store={store} desk={desk} onClose={() => setDialog(null)} />}
      {dialog === "keys" && <KeysDialog areLettersOn={areLettersOn} onLetters={setLettersOn} onClose={() => setDialog(null)} />}
    </>
  );
}

/** Halls and the participant himself are named in the reader's language, others as they are in the room. */
function nameIn(person: Person, { meeting, participant }: Joined, language: Parameters<typeof chooseText>[1]): string {
  if (person.isLocal) return chooseText(participant.name, language).words || chooseText(participant.post, language).words;
  const site = meeting.sides.flatMap(({ sites }) => sites).find(({ identity }) => identity === person.identity);
  return site ? chooseText(site.city, language).words : person.name;
}

async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen();
}
