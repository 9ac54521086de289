// Choice of the three devices, with the level of the microphone; the same before the meeting and in it.
import { useState } from "react";

import type { DeviceKind } from "../../media/capture";
import type { DeskState } from "../../media/deviceDesk";
import type { LevelWord } from "../../media/level";
import type { RoomStore } from "../../media/roomStore";
import { playTestTone } from "../../media/testTone";
import { Button } from "../../ui/parts";
import { LevelMeter } from "./LevelMeter";
import styles from "./room.module.css";
import { useRoomWords } from "./words";

interface DeviceFieldsProps {
  readonly store: RoomStore;
  readonly desk: DeskState;
  readonly onLevelWord?: (word: LevelWord | null) => void;
  readonly hasSpeaker?: boolean;
}

export function DeviceFields({ store, desk, onLevelWord, hasSpeaker = false }: DeviceFieldsProps) {
  const microphone = desk.microphone.track && desk.microphone.isOpen ? desk.microphone.track.mediaTrack : null;
  return (
    <div className={styles.devices}>
      {store.mayPublish("camera") && <DeviceField store={store} desk={desk} kind="camera" />}
      {store.mayPublish("microphone") && (
        <div>
          <DeviceField store={store} desk={desk} kind="microphone" />
          <LevelMeter track={microphone} onWord={onLevelWord} />
        </div>
      )}
      {hasSpeaker && <SpeakerField store={store} desk={desk} />}
    </div>
  );
}

function DeviceField({ store, desk, kind }: { store: RoomStore; desk: DeskState; kind: DeviceKind }) {
  const t = useRoomWords();
  const { choices, chosenId } = desk[kind];
  return (
    <label className="field">
      <span>{t(kind === "camera" ? "devices.camera" : "devices.microphone")}</span>
      <select className={styles.select} value={chosenId ?? ""} disabled={choices.length === 0} onChange={(event) => void store.desk.choose(kind, event.target.value)}>
        {choices.length === 0 && <option value="">{t("devices.noChoice")}</option>}
        {choices.map(({ id, label }) => (
          <option key={id} value={id}>{label}</option>
        ))}
      </select>
    </label>
  );
}

function SpeakerField({ store, desk }: { store: RoomStore; desk: DeskState }) {
  const t = useRoomWords();
  return (
    <div className={styles.speaker}>
      <label className="field">
        <span>{t("devices.speaker")}</span>
        <select className={styles.select} value={desk.speakerId ?? ""} onChange={(event) => void store.useSpeaker(event.target.value)}>
          {desk.speakers.length === 0 && <option value="">{t("devices.speakerDefault")}</option>}
          {desk.speakers.map(({ id, label }) => (
            <option key={id} value={id}>{label}</option>
          ))}
        </select>
      </label>
      <SoundTest speakerId={desk.speakerId} />
    </div>
  );
}

export function SoundTest({ speakerId }: { speakerId: string | null }) {
  const t = useRoomWords();
  const [isPlaying, setPlaying] = useState(false);
  const play = async (): Promise<void> => {
    setPlaying(true);
    try {
      await playTestTone(speakerId);
    } finally {
      setPlaying(false);
    }
  };
  return (
    <Button isSmall aria-disabled={isPlaying} onClick={() => void (isPlaying || play())}>
      {t(isPlaying ? "devices.testingSound" : "devices.testSound")}
    </Button>
  );
}
