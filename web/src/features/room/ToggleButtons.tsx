// Microphone and camera. The words say the state, the description says what a press will do.
import type { DeskState } from "../../media/deviceDesk";
import type { RoomStore } from "../../media/roomStore";
import { Button } from "../../ui/parts";
import styles from "./room.module.css";
import { useRoomWords } from "./words";

export function ToggleButtons({ store, desk }: { store: RoomStore; desk: DeskState }) {
  return (
    <div className={styles.toggles}>
      {store.mayPublish("microphone") && <MicrophoneButton store={store} desk={desk} />}
      {store.mayPublish("camera") && <CameraButton store={store} desk={desk} />}
    </div>
  );
}

export function MicrophoneButton({ store, desk: { microphone } }: { store: RoomStore; desk: DeskState }) {
  const t = useRoomWords();
  const words = microphone.status === "failed" ? "controls.microphoneFailed" : microphone.isOpen ? "controls.microphoneOpen" : "controls.microphoneClosed";
  const what = t(microphone.isOpen ? "controls.pressToCloseMicrophone" : "controls.pressToOpenMicrophone");
  return (
    <Button icon={microphone.isOpen ? "mic" : "mic-off"} className={microphone.isOpen ? "" : styles.isClosed} title={what} onClick={() => void store.desk.setOpen("microphone", !microphone.isOpen)}>
      {t(words)}
    </Button>
  );
}

export function CameraButton({ store, desk: { camera } }: { store: RoomStore; desk: DeskState }) {
  const t = useRoomWords();
  const words = camera.status === "failed" ? "controls.cameraFailed" : camera.isOpen ? "controls.cameraOpen" : "controls.cameraClosed";
  const what = t(camera.isOpen ? "controls.pressToCloseCamera" : "controls.pressToOpenCamera");
  return (
    <Button icon={camera.isOpen ? "video" : "video-off"} className={camera.isOpen ? "" : styles.isClosed} title={what} onClick={() => void store.desk.setOpen("camera", !camera.isOpen)}>
      {t(words)}
    </Button>
  );
}
