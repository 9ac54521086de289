// Every state of every screen with invented data, one at a time: `gallery.html?state=inside&language=be`; without a state,
// the list. Served by the development server only; scripts/pictures.py walks through it.
import "virtual:stage-zones.css";
import "../src/styles/tokens.css";
import "../src/styles/base.css";
import "../src/styles/icons.css";
import "../src/styles/stage.css";

import { createRoot } from "react-dom/client";

import { CabinetPage } from "../src/features/cabinet/CabinetPage";
import { RoomPage } from "../src/features/room/RoomPage";
import { WatchPlayer } from "../src/features/watch/WatchPlayer";
import { LanguageProvider, languageOf } from "../src/i18n/LanguageContext";
import { CABINET_STATES, cabinetIn } from "./cabinetStates";
import { Parts } from "./parts";
import { ROOM_STATES, roomIn } from "./roomStates";
import { WATCH_STATES, watchIn } from "./watchStates";

const asked = new URLSearchParams(location.search);
const state = asked.get("state") ?? "";
const language = languageOf(asked.get("language") ?? "ru", false);

async function screen() {
  if (ROOM_STATES.includes(state)) {
    document.documentElement.dataset["theme"] = "dark";
    return <RoomPage store={roomIn(state)} />;
  }
  if (CABINET_STATES.includes(state)) return <CabinetPage cabinet={cabinetIn(state)} />;
  if (state === "parts") return <Parts />;
  await import("../src/styles/public.css");
  if (WATCH_STATES.includes(state)) {
    return (
      <main className="page">
        <section className="watch">
          <div className="player"><WatchPlayer store={watchIn(state)} /></div>
        </section>
      </main>
    );
  }
  return (
    <main className="page">
      <ul id="states">
        {["parts", ...ROOM_STATES, ...WATCH_STATES, ...CABINET_STATES].map((name) => (
          <li key={name}><a href={`?state=${name}`}>{name}</a></li>
        ))}
      </ul>
    </main>
  );
}

document.documentElement.lang = language;
// The check of the line asks a server that is not here.
globalThis.fetch = () => new Promise((resolve) => setTimeout(() => resolve(new Response("ok")), 24));
const place = document.getElementById("gallery");
const shown = await screen();
if (place) createRoot(place).render(<LanguageProvider initial={language}>{shown}</LanguageProvider>);
