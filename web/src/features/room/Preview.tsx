// The participant's own camera as others will see it, or plain words about why there is no picture, with a retry.
import type { DeskState } from "../../media/deviceDesk";
import type { RoomStore } from "../../media/roomStore";
import { VideoView } from "../../stage/VideoView";
import { Button, Icon } from "../../ui/parts";
import { captureFailureWords } from "./failures";
import styles from "./room.module.css";
import { useRoomWords } from "./words";

export function Preview({ store, desk }: { store: RoomStore; desk: DeskState }) {
  const t = useRoomWords();
  const { camera } = desk;
  const shown = camera.isOpen ? camera.track : null;
  return (
    <div className={styles.self}>
      {shown && <VideoView media={shown} label={t("check.preview")} isMirrored />}
      {camera.status === "asking" && (
        <div className={styles.selfWords} role="status">
          <b>{t("check.previewAsking")}</b>
          <p>{t("check.previewAskingText")}</p>
        </div>
      )}
      {camera.status === "failed" && camera.failure && (
        <div className={styles.selfWords} role="status">
          <Icon name="video-off" size="l" />
          <b>{t(captureFailureWords("camera", camera.failure).title)}</b>
          <p>{t(captureFailureWords("camera", camera.failure).text)}</p>
          <Button onClick={() => void store.desk.start("camera")}>{t("devices.again")}</Button>
        </div>
      )}
      {(camera.status === "idle" || (camera.status === "ready" && !shown)) && (
        <div className={styles.selfWords}>
          <Icon name="video-off" size="l" />
          <b>{t(store.mayPublish("camera") ? "check.previewOff" : "check.spectatorText")}</b>
          {store.mayPublish("camera") && <Button onClick={() => void store.desk.setOpen("camera", true)}>{t("devices.turnOn")}</Button>}
        </div>
      )}
    </div>
  );
}
