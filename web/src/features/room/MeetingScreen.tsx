// Inside: the programme everybody sees, the people beside it, and the controls in a place that never moves.
import { useRef, useState } from "react";

import type { Joined } from "../../api/contract";
import { useLanguage, Words } from "../../i18n/LanguageContext";
import type { Person } from "../../media/connection";
import type { DeskState } from "../../media/deviceDesk";
import type { LiveState } from "../../live/liveState";
import type { RoomState, RoomStore } from "../../media/roomStore";
import { Stage } from "../../stage/Stage";
import { VideoView } from "../../stage/VideoView";
import { Controls } from "./Controls";
import { DevicesDialog } from "./DevicesDialog";
import { KeysDialog } from "./KeysDialog";
import { LinkBanner } from "./LinkBanner";
import { PeoplePanel } from "./PeoplePanel";
import { nameOfPerson, pictureOf, sharedScreen } from "./places";
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

export function MeetingScreen({ store, state, joined, live, desk }: MeetingScreenProps) {
  const t = useRoomWords();
  const { language } = useLanguage();
  const [dialog, setDialog] = useState<"devices" | "keys" | null>(null);
  const [areLettersOn, setLettersOn] = useLetters();
  const bar = useRef<HTMLElement>(null);
  const nameOf = (person: Person): string => nameOfPerson(person, joined, language);

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

  // While the server is gone it is our own line that is broken: no hall is called lost for it.
  const isThere = state.step === "inside";
  const shared = sharedScreen(state.people, live.stage);
  const screenWords = shared && t("meeting.screenOf", { name: nameOf(shared.by) });

  return (
    <>
      <main className={styles.meeting}>
        <div className={styles.programme} data-shared={shared ? "" : undefined}>
          <LinkBanner store={store} state={state} />
          {shared && screenWords && (
            <figure className={styles.screen}>
              <VideoView media={shared.media} label={screenWords} fit="contain" />
              <figcaption>{screenWords}</figcaption>
            </figure>
          )}
          <div className={styles.stage}>
            <Stage stage={live.stage} pictureOf={(cell) => isThere ? pictureOf(cell, state.people) : { state: "idle" }} />
          </div>
          {live.stage.title && (
            <p className={styles.now}>
              <b><Words of={live.stage.title.name} /></b>
              <Words of={live.stage.title.post} />
            </p>
          )}
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

async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen();
}
