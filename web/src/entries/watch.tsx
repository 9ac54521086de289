// The spectator's island on the public page. Nothing here, and nothing it loads, can ask for a camera or a microphone.
// The server's own picture stays until the event stream has spoken: a page whose script fails is still a whole page.
import { createRoot } from "react-dom/client";

import { watch } from "../api/client";
import be from "../i18n/be/watch.json";
import en from "../i18n/en/watch.json";
import ru from "../i18n/ru/watch.json";
import { LanguageProvider, languageOf } from "../i18n/LanguageContext";
import { translator } from "../i18n/translate";
import { showSpeaker } from "../features/watch/nowSpeaking";
import { WatchPlayer } from "../features/watch/WatchPlayer";
import { LiveFeed } from "../live/liveFeed";
import { applyLiveEvent, type LiveEvent, type LiveState } from "../live/liveState";
import { WatchStore } from "../media/watchStore";

function start(place: HTMLElement): void {
  const meetingNumber = Number(place.dataset["meeting"]);
  const language = languageOf(place.dataset["language"], false);
  const t = translator({ be, ru, en }, language);
  const now = document.getElementById("now");
  let store: WatchStore | null = null;

  const begin = (live: LiveState): WatchStore => {
    const begun = new WatchStore(
      {
        watch: () => watch(meetingNumber),
        listen: async (access, listener) => (await import("../media/listenConnection")).listen(access, listener),
        nowMs: () => Date.now(),
        random: () => Math.random(),
      },
      live,
    );
    place.replaceChildren();
    createRoot(place).render(
      <LanguageProvider initial={language}>
        <WatchPlayer store={begun} />
      </LanguageProvider>,
    );
    return begun;
  };

  const hear = (event: LiveEvent): void => {
    if (store) store.heard(event);
    else if (event.type === "snapshot") store = begin(applyLiveEvent({ phase: event.phase, onAirSinceMs: null, stage: event.stage, clockOffsetMs: 0 }, event, Date.now()));
    if (now && store) showSpeaker(now, store.snapshot().live.stage, language, (city) => (city ? t("player.speaks", { city }) : t("player.speaksPlain")));
  };
  const feed = new LiveFeed({ open: () => new EventSource(`/api/v1/meetings/${meetingNumber}/live`), onEvent: hear, onLink: () => undefined });
  addEventListener("pagehide", () => {
    feed.stop();
    store?.stop();
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

const place = document.getElementById("watch");
if (place) start(place);
