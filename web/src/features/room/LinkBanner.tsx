// What stands between the person and the meeting just now, with the way out beside it. Reserves no place: it pushes nothing,
// it lies over the top of the programme.
import type { RoomState, RoomStore } from "../../media/roomStore";
import { Button, Icon } from "../../ui/parts";
import styles from "./room.module.css";
import { useRoomWords } from "./words";

export function LinkBanner({ store, state }: { store: RoomStore; state: RoomState }) {
  const t = useRoomWords();
  return (
    <div className={styles.banners}>
      {state.step === "returning" && (
        <div className={styles.banner} data-look="warn">
          <Icon name="wifi-off" />
          <p><strong>{t("link.returning")}</strong> {t("link.returningText")}</p>
          <Button isSmall onClick={() => void store.returnNow()}>{t("link.returnNow")}</Button>
        </div>
      )}
      {state.step === "inside" && state.link === "restoring" && (
        <div className={styles.banner} data-look="warn">
          <Icon name="wifi-off" />
          <p><strong>{t("link.restoring")}</strong> {t("link.restoringText")}</p>
        </div>
      )}
      {state.step === "inside" && state.isSoundBlocked && (
        <div className={styles.banner}>
          <Icon name="volume-2" />
          <p>{t("link.soundBlocked")}</p>
          <Button isSmall look="primary" onClick={() => void store.startSound()}>{t("link.turnSoundOn")}</Button>
        </div>
      )}
      {state.isScreenShared && (
        <div className={styles.banner}>
          <Icon name="monitor" />
          <p>{t("meeting.youShare")}</p>
          <Button isSmall onClick={() => void store.shareScreen(false)}>{t("controls.stopSharing")}</Button>
        </div>
      )}
    </div>
  );
}
