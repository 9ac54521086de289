// Every state of the spectator's player, and every layout of the stage.
import { ApiError } from "../src/api/client";
import type { StageState, Watched } from "../src/api/contract";
import { ConnectError, type ConnectionListener, type Person } from "../src/media/connection";
import { WatchStore } from "../src/media/watchStore";
import { aCell, aHoldingStage, aMeeting, aPerson, aStage, KURSK, kurskCell, MINSK } from "../src/testing/builders";
import { drawnPicture } from "./pictures";

const forever = new Promise<never>(() => undefined);
const halls: readonly Person[] = [
  aPerson({ identity: MINSK, kind: "hall", camera: drawnPicture("hallMinsk"), screen: drawnPicture("slide") }),
  aPerson({ identity: KURSK, kind: "hall", side: "side-2", camera: drawnPicture("hallKursk") }),
];
const item = {
  position: 3,
  total: 8,
  title: { ru: "Приветствие заместителя губернатора Курской области", be: "Прывітанне намесніка губернатара Курскай вобласці", en: "Greeting by the Deputy Governor of Kursk Region" },
  next: { ru: "слово ветеранов. Минск, Курск", be: "слова ветэранаў. Мінск, Курск", en: "the veterans speak. Minsk, Kursk" },
};

interface Wish {
  readonly stage?: StageState;
  readonly isOff?: boolean;
  readonly place?: Error | Promise<never>;
  readonly connect?: Error;
  readonly people?: readonly Person[];
  readonly isIdle?: boolean;
  readonly then?: (listener: ConnectionListener) => void;
}

const WISHES: Readonly<Record<string, Wish>> = {
  "watch-before": { isOff: true, isIdle: true, stage: aHoldingStage() },
  "watch-ready": { isIdle: true },
  "watch-connecting": { place: forever },
  "watch-bridge": {},
  "watch-speaker": { stage: aStage({ layout: "speaker", cells: [kurskCell({ is_speaking: true })] }) },
  "watch-speaker-hall": { stage: aStage({ layout: "speaker-hall", item, cells: [kurskCell({ is_speaking: true }), aCell({ role: "other hall" })] }) },
  "watch-slides": { stage: aStage({ layout: "slides-speaker", item: { ...item, next: null }, cells: [aCell({ role: "slides", source: "screen_share" }), kurskCell({ is_speaking: true })] }) },
  "watch-grid-9": { stage: aStage({ layout: "grid", cells: Array.from({ length: 9 }, (_, index) => (index % 2 ? kurskCell({ role: `site ${index}` }) : aCell({ role: `site ${index}`, is_speaking: index === 4 }))) }) },
  "watch-grid-3": { stage: aStage({ layout: "grid", cells: [aCell({ role: "a" }), kurskCell({ role: "b" }), aCell({ role: "c" })] }) },
  "watch-lost-hall": { people: [halls[0] as Person] },
  "watch-camera-off": { people: [halls[0] as Person, { ...(halls[1] as Person), camera: { ...drawnPicture("hallKursk"), isMuted: true } }] },
  "watch-restoring": { then: (listener) => listener.linkChanged("restoring") },
  "watch-full": { connect: new ConnectError("full") },
  "watch-unavailable": { place: new ApiError("unreachable", null) },
  "watch-unsupported": { connect: new ConnectError("unsupported") },
  "watch-long-title": {
    stage: aStage({
      title: {
        name: { ru: "Константин Станкевич-Загорский", be: "Канстанцін Станкевіч-Загорскі" },
        post: { ru: "заместитель председателя комитета по архитектуре и строительству Минской области", be: "намеснік старшыні камітэта па архітэктуры і будаўніцтве Мінскай вобласці" },
        side: "side-1",
      },
    }),
  },
};

export const WATCH_STATES = Object.keys(WISHES);

export function watchIn(name: string): WatchStore {
  const wish = WISHES[name] ?? {};
  const stage = wish.stage ?? aStage();
  const watched: Watched = { meeting: aMeeting(), media: { url: "", token: "", expires_at: 0 }, stage, live: "" };
  const store = new WatchStore(
    {
      watch: () => (wish.place instanceof Error ? Promise.reject(wish.place) : (wish.place ?? Promise.resolve(watched))),
      listen: (_access, listener) => {
        if (wish.connect) return Promise.reject(wish.connect);
        queueMicrotask(() => {
          listener.peopleChanged(wish.people ?? halls);
          setTimeout(() => wish.then?.(listener));
        });
        return Promise.resolve({ startSound: () => Promise.resolve(), stop: () => Promise.resolve(), setVolume: () => undefined });
      },
      nowMs: () => Date.now(),
      random: () => 0.5,
    },
    { phase: wish.isOff ? "announced" : "on_air", onAirSinceMs: null, stage, clockOffsetMs: 0 },
  );
  if (!wish.isIdle) void store.play();
  return store;
}
