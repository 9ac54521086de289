// Before the door: who you are in the title, what your devices do, and one button.
import { useEffect, useState } from "react";

import { measureRoundTripMs } from "../../api/client";
import type { Joined } from "../../api/contract";
import { useText, Words } from "../../i18n/LanguageContext";
import type { DeskState } from "../../media/deviceDesk";
import type { LevelWord } from "../../media/level";
import type { RoomState, RoomStore } from "../../media/roomStore";
import { Button, Lamp } from "../../ui/parts";
import { DeviceFields, SoundTest } from "./DeviceFields";
import { captureFailureWords, enterFailureWords } from "./failures";
import { Preview } from "./Preview";
import styles from "./room.module.css";
import { ToggleButtons } from "./ToggleButtons";
import { useRoomWords, type RoomKey } from "./words";

export function CheckScreen({ store, state, joined, desk }: { store: RoomStore; state: RoomState; joined: Joined; desk: DeskState }) {
  const t = useRoomWords();
  const [levelWord, setLevelWord] = useState<LevelWord | null>(null);
  const isEntering = state.step === "entering";
  const isHeard = desk.microphone.status === "ready";
  const mayBeHeard = store.mayPublish("microphone");
  return (
    <main className={styles.check}>
      <section aria-label={t("check.preview")}>
        <Preview store={store} desk={desk} />
        <ToggleButtons store={store} desk={desk} />
        <DeviceFields store={store} desk={desk} onLevelWord={setLevelWord} />
        <p className={`${styles.small} ${styles.advice}`}>{t("check.advice")}</p>
      </section>
      <section className={styles.panel}>
        <Identity joined={joined} />
        <ul className={styles.tests} aria-label={t("check.tests")}>
          <MicrophoneTest store={store} desk={desk} levelWord={levelWord} />
          <CameraTest store={store} desk={desk} />
          <li>
            <span>{t("devices.speaker")}</span>
            <SoundTest speakerId={desk.speakerId} />
          </li>
          <LineTest />
        </ul>
        <p className={styles.small}>{t(!mayBeHeard ? "check.spectatorText" : isHeard ? "check.sharedText" : "check.listenOnlyText")}</p>
        {state.enterFailure && <p className="note note--warn" role="alert">{t(enterFailureWords(state.enterFailure))}</p>}
        <Button look="primary" className={styles.enter} aria-disabled={isEntering} onClick={() => void (isEntering || store.enter())}>
          {t(isEntering ? "check.entering" : isHeard ? "check.enter" : "check.enterListening")}
        </Button>
      </section>
    </main>
  );
}

function Identity({ joined }: { joined: Joined }) {
  const t = useRoomWords();
  const text = useText();
  const { meeting, participant } = joined;
  const side = meeting.sides.find(({ id }) => id === participant.side);
  const name = text(participant.name) || text(participant.post);
  const mistake = new URLSearchParams({
    subject: t("check.mistakeSubject", { number: meeting.number }),
    body: t("check.mistakeBody", { name, post: text(participant.post) }),
  });
  return (
    <div>
      {side && <span className={side.order === 1 ? "side" : "side side--2"}><Words of={side.name} /></span>}
      <h1>{name}</h1>
      {text(participant.name) !== "" && <p className={styles.post}><Words of={participant.post} /></p>}
      <p className={styles.small}>
        {t("check.inTitle")}{" "}
        {/* A mail program reads %20, not the plus sign of URLSearchParams. */}
        {meeting.contact !== null && <a href={`mailto:${meeting.contact}?${mistake.toString().replaceAll("+", "%20")}`}>{t("check.reportMistake")}</a>}
      </p>
    </div>
  );
}

const LEVEL_LAMPS: Record<LevelWord, { lamp: "ok" | "warn" | "wait"; words: RoomKey }> = {
  silent: { lamp: "wait", words: "devices.levelSilent" },
  quiet: { lamp: "warn", words: "devices.levelQuiet" },
  good: { lamp: "ok", words: "devices.levelGood" },
  loud: { lamp: "warn", words: "devices.levelLoud" },
};

function MicrophoneTest({ store, desk: { microphone }, levelWord }: { store: RoomStore; desk: DeskState; levelWord: LevelWord | null }) {
  const t = useRoomWords();
  if (!store.mayPublish("microphone")) return null;
  const failure = microphone.failure && captureFailureWords("microphone", microphone.failure);
  return (
    <li className={failure ? styles.failed : undefined}>
      <span>{t("devices.microphone")}</span>
      {microphone.status === "asking" && <Lamp state="wait">{t("devices.asking")}</Lamp>}
      {failure && (
        <>
          <Lamp state="warn">{t(failure.title)}</Lamp>
          <p>{t(failure.text)}</p>
          <Button isSmall onClick={() => void store.desk.start("microphone")}>{t("devices.again")}</Button>
        </>
      )}
      {microphone.status === "ready" && !microphone.isOpen && <Lamp state="off">{t("devices.closed")}</Lamp>}
      {microphone.status === "ready" && microphone.isOpen && <Lamp state={LEVEL_LAMPS[levelWord ?? "silent"].lamp}>{t(LEVEL_LAMPS[levelWord ?? "silent"].words)}</Lamp>}
    </li>
  );
}

function CameraTest({ store, desk: { camera } }: { store: RoomStore; desk: DeskState }) {
  const t = useRoomWords();
  if (!store.mayPublish("camera")) return null;
  return (
    <li>
      <span>{t("devices.camera")}</span>
      {camera.status === "asking" && <Lamp state="wait">{t("devices.asking")}</Lamp>}
      {camera.failure && <Lamp state="warn">{t(captureFailureWords("camera", camera.failure).title)}</Lamp>}
      {camera.status === "ready" && !camera.isOpen && <Lamp state="off">{t("devices.cameraClosed")}</Lamp>}
      {camera.status === "ready" && camera.isOpen && <Lamp state="ok">{t("devices.lines", { lines: camera.track?.height ?? 0 })}</Lamp>}
    </li>
  );
}

/** A video call stays natural up to about 300 ms there and back with sound and picture; the server's share must be half of it. */
const SLOW_FROM_MS = 150;
type Line = { readonly state: "measuring" | "none" | "unsupported" } | { readonly state: "measured"; readonly milliseconds: number };

function LineTest() {
  const t = useRoomWords();
  const [line, setLine] = useState<Line>({ state: "measuring" });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const show = (next: Line): void => {
      if (isCurrent) setLine(next);
    };
    const measure = async (): Promise<void> => {
      if (!("RTCPeerConnection" in globalThis)) {
        show({ state: "unsupported" });
        return;
      }
      try {
        show({ state: "measured", milliseconds: Math.max(1, Math.round(await measureRoundTripMs())) });
      } catch {
        show({ state: "none" });
      }
    };
    void measure();
    return () => {
      isCurrent = false;
    };
  }, [attempt]);
  const again = (): void => {
    setLine({ state: "measuring" });
    setAttempt((before) => before + 1);
  };
  return (
    <li>
      <span>{t("check.line")}</span>
      {line.state === "measuring" && <Lamp state="wait">{t("check.lineMeasuring")}</Lamp>}
      {line.state === "measured" && <Lamp state={line.milliseconds < SLOW_FROM_MS ? "ok" : "warn"}>{t(line.milliseconds < SLOW_FROM_MS ? "check.lineGood" : "check.lineSlow", { milliseconds: line.milliseconds })}</Lamp>}
      {line.state === "unsupported" && <Lamp state="off">{t("check.lineUnsupported")}</Lamp>}
      {line.state === "none" && (
        <>
          <Lamp state="off">{t("check.lineNone")}</Lamp>
          <Button isSmall onClick={again}>{t("check.lineAgain")}</Button>
        </>
      )}
    </li>
  );
}
