// The participant's personal page. Puts the real parts into the room's state machine and shows it.
import "virtual:stage-zones.css";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/icons.css";
import "../styles/stage.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { join } from "../api/client";
import { RoomPage } from "../features/room/RoomPage";
import { LanguageProvider, languageOf } from "../i18n/LanguageContext";
import { LiveFeed } from "../live/liveFeed";
import { browserCapture } from "../media/browserCapture";
import { loadDevices, placeMemory, saveDevices } from "../media/browserMemory";
import { DeviceDesk } from "../media/deviceDesk";
import { connect } from "../media/livekitConnection";
import { RoomStore } from "../media/roomStore";

function start(place: HTMLElement): void {
  const { secret = "", language } = place.dataset;
  const desk = new DeviceDesk(browserCapture, loadDevices());
  desk.subscribe(() => {
    const { camera, microphone, speakerId } = desk.snapshot();
    saveDevices({ camera: camera.chosenId, microphone: microphone.chosenId, speaker: speakerId });
  });
  const store = new RoomStore({
    join: () => join(secret),
    connect,
    desk,
    openLive: (path, onEvent) => new LiveFeed({ open: () => new EventSource(path), onEvent, onLink: () => undefined }),
    memory: placeMemory(secret),
    nowMs: () => Date.now(),
    random: () => Math.random(),
  });
  addEventListener("pagehide", () => void store.close());
  // A page that the browser kept whole and shows again has let everything go: it begins anew.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  document.documentElement.dataset["theme"] = "dark";
  createRoot(place).render(
    <StrictMode>
      <LanguageProvider initial={languageOf(language, true)}>
        <RoomPage store={store} />
      </LanguageProvider>
    </StrictMode>,
  );
  void store.open();
}

const place = document.getElementById("room");
if (place) start(place);
