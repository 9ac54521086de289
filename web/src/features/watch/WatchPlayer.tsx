// The player on the public page: the programme picture, one button to start it, and a bar that never moves.
import { useRef } from "react";

import be from "../../i18n/be/watch.json";
import en from "../../i18n/en/watch.json";
import ru from "../../i18n/ru/watch.json";
import { useWords } from "../../i18n/LanguageContext";
import type { StageCell } from "../../api/contract";
import type { WatchFailure, WatchState, WatchStore } from "../../media/watchStore";
import { Stage, type CellPicture } from "../../stage/Stage";
import { Icon } from "../../ui/parts";
import { useObservable } from "../../ui/useObservable";

const catalogues = { be, ru, en };
const FAILURES = {
  full: { title: "player.full", text: "player.fullText" },
  unavailable: { title: "player.unavailable", text: "player.unavailableText" },
  unsupported: { title: "player.unsupported", text: "player.unsupportedText" },
} as const satisfies Record<WatchFailure, object>;

function pictureOf(cell: StageCell, { mode, people }: WatchState): CellPicture {
  if (mode !== "watching" || cell.identity === null) return { state: "idle" };
  const person = people.find(({ identity }) => identity === cell.identity);
  const picture = cell.source === "camera" ? person?.camera : person?.screen;
  if (picture && !picture.isMuted) return { state: "shown", media: picture.media };
  return { state: picture ? "closed" : "absent" };
}

export function WatchPlayer({ store }: { store: WatchStore }) {
  const t = useWords(catalogues);
  const state = useObservable(store);
  const frame = useRef<HTMLDivElement>(null);
  const { mode, failure, live, isSilent } = state;
  const isRunning = mode === "watching" || mode === "restoring" || mode === "connecting";
  const toggleFullScreen = async (): Promise<void> => {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await frame.current?.requestFullscreen();
  };
  return (
    <div ref={frame} className="player__frame" role="region" aria-label={t("player.label")}>
      <div className="player__picture">
        <Stage stage={live.stage} pictureOf={(cell) => pictureOf(cell, state)} />
        {mode === "ready" && (
          <button type="button" className="player__start" onClick={() => void store.play()}>
            <span><Icon name="play" size="l" />{t("player.play")}</span>
          </button>
        )}
        <Cover store={store} mode={mode} failure={failure} />
      </div>
      <div className="player__bar">
        <button type="button" aria-label={t(isRunning ? "player.pause" : "player.resume")} disabled={mode === "off"} onClick={() => (isRunning ? store.stop() : void store.play())}>
          <Icon name={isRunning ? "pause" : "play"} />
        </button>
        <button type="button" aria-label={t(isSilent ? "player.unmute" : "player.mute")} aria-pressed={isSilent} disabled={mode === "off"} onClick={() => store.setSilent(!isSilent)}>
          <Icon name={isSilent ? "volume-off" : "volume-2"} />
        </button>
        <span className="player__air" data-on={mode === "off" ? undefined : ""}>{t(mode === "off" ? "player.off" : "player.onAir")}</span>
        <button type="button" className="grow" aria-label={t("player.fullScreen")} onClick={() => void toggleFullScreen()}>
          <Icon name="maximize" />
        </button>
      </div>
    </div>
  );
}

/** What lies over a picture that is not there, with the way out. */
function Cover({ store, mode, failure }: { store: WatchStore; mode: WatchState["mode"]; failure: WatchFailure | null }) {
  const t = useWords(catalogues);
  return (
    <>
      <div className="player__cover" role="status" hidden={mode !== "connecting" && mode !== "restoring"}>
        {mode === "connecting" && <b>{t("player.connecting")}</b>}
        {mode === "restoring" && (
          <>
            <b>{t("player.restoring")}</b>
            <span>{t("player.restoringText")}</span>
          </>
        )}
      </div>
      {mode === "failed" && failure && (
        <div className="player__cover" role="alert">
          <b>{t(FAILURES[failure].title)}</b>
          <span>{t(FAILURES[failure].text)}</span>
          {failure !== "unsupported" && <button type="button" className="button" onClick={() => void store.play()}>{t("player.again")}</button>}
        </div>
      )}
    </>
  );
}
