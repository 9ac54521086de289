import { useEffect, useState } from "react";

import { Dialog } from "../../ui/Dialog";
import { LISTED_KEYS, type KeyAct } from "./keys";
import styles from "./room.module.css";
import { useRoomWords, type RoomKey } from "./words";

interface KeyboardWithLayout {
  readonly keyboard?: { getLayoutMap(): Promise<ReadonlyMap<string, string>> };
}

const ACTS: Record<KeyAct, RoomKey> = {
  microphone: "keys.microphone",
  camera: "keys.camera",
  fullScreen: "keys.fullScreen",
  toControls: "keys.toControls",
  keys: "keys.list",
};

/** Letters of the layout that is on now, where the browser tells. */
function useLayoutLetters(): ReadonlyMap<string, string> {
  const [letters, setLetters] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    void (navigator as KeyboardWithLayout).keyboard?.getLayoutMap().then(setLetters, () => undefined);
  }, []);
  return letters;
}

export function KeysDialog({ areLettersOn, onLetters, onClose }: { areLettersOn: boolean; onLetters: (areOn: boolean) => void; onClose: () => void }) {
  const t = useRoomWords();
  const letters = useLayoutLetters();
  return (
    <Dialog title={t("keys.title")} closeWords={t("keys.close")} onClose={onClose}>
      <dl className={styles.keys}>
        {LISTED_KEYS.map(({ act, code, cap, isLetter }) => {
          const letter = letters.get(code)?.toUpperCase();
          return (
            <div key={act}>
              <dt><kbd className="key">{cap}</kbd></dt>
              <dd>
                {t(ACTS[act])}
                {isLetter && letter && letter !== cap && <small>{t("keys.onYourLayout", { letter })}</small>}
              </dd>
            </div>
          );
        })}
        <div>
          <dt><kbd className="key">Esc</kbd></dt>
          <dd>{t("keys.closing")}</dd>
        </div>
      </dl>
      <label className={styles.choice}>
        <input type="checkbox" checked={areLettersOn} onChange={(event) => onLetters(event.target.checked)} />
        <span>
          {t("keys.singleLetters")}
          <small>{t("keys.singleLettersText")}</small>
        </span>
      </label>
    </Dialog>
  );
}
