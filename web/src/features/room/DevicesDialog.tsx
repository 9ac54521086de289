import type { DeskState } from "../../media/deviceDesk";
import type { RoomStore } from "../../media/roomStore";
import { Dialog } from "../../ui/Dialog";
import { Button } from "../../ui/parts";
import { DEVICE_KINDS } from "../../media/capture";
import { DeviceFields } from "./DeviceFields";
import { captureFailureWords } from "./failures";
import { useRoomWords } from "./words";

export function DevicesDialog({ store, desk, onClose }: { store: RoomStore; desk: DeskState; onClose: () => void }) {
  const t = useRoomWords();
  return (
    <Dialog title={t("devices.title")} closeWords={t("devices.done")} onClose={onClose}>
      {DEVICE_KINDS.map((kind) => {
        const { failure } = desk[kind];
        const words = failure && captureFailureWords(kind, failure);
        return (
          words && (
            <div key={kind} className="note note--warn" role="status">
              <div>
                <strong>{t(words.title)}.</strong> {t(words.text)}
              </div>
              <Button isSmall onClick={() => void store.desk.start(kind)}>{t("devices.again")}</Button>
            </div>
          )
        );
      })}
      <DeviceFields store={store} desk={desk} hasSpeaker />
    </Dialog>
  );
}
