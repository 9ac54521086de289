import type { Ref } from "react";

import type { DeskState } from "../../media/deviceDesk";
import type { RoomStore } from "../../media/roomStore";
import { Button } from "../../ui/parts";
import styles from "./room.module.css";
import { CameraButton, MicrophoneButton } from "./ToggleButtons";
import { useRoomWords } from "./words";

interface ControlsProps {
  readonly ref: Ref<HTMLElement>;
  readonly store: RoomStore;
  readonly desk: DeskState;
  readonly isScreenShared: boolean;
  readonly onDevices: () => void;
  readonly onKeys: () => void;
}

export function Controls({ ref, store, desk, isScreenShared, onDevices, onKeys }: ControlsProps) {
  const t = useRoomWords();
  // Phones have no way to show their screen.
  const canShare = store.mayPublish("screen_share") && "mediaDevices" in navigator && "getDisplayMedia" in navigator.mediaDevices;
  return (
    <nav ref={ref} className={styles.controls} aria-label={t("controls.bar")}>
      {store.mayPublish("microphone") && <MicrophoneButton store={store} desk={desk} />}
      {store.mayPublish("camera") && <CameraButton store={store} desk={desk} />}
      {canShare && (
        <Button icon="monitor" onClick={() => void store.shareScreen(!isScreenShared)}>
          {t(isScreenShared ? "controls.stopSharing" : "controls.shareScreen")}
        </Button>
      )}
      <Button icon="settings" onClick={onDevices}>{t("controls.devices")}</Button>
      <Button icon="keyboard" className={styles.wideOnly} onClick={onKeys}>{t("controls.keys")}</Button>
      <Button icon="log-out" className={styles.leave} onClick={() => void store.leave()}>{t("controls.leave")}</Button>
    </nav>
  );
}
