// The shapes of docs/interface.md, written once: types are inferred from the decoders that check them.
import { boolean, dictionary, instant, list, nullable, number, oneOf, partial, record, string, type Decoded } from "./decode";

export const LANGUAGES = ["be", "ru", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
const language = oneOf(...LANGUAGES);

export const text = partial({ be: string, ru: string, en: string });
export type Text = Decoded<typeof text>;

const PHASES = ["draft", "agreed", "announced", "sound_check", "assembly", "on_air", "break", "closed", "minutes", "published", "cancelled", "discarded"] as const;
const phase = oneOf(...PHASES);
export type Phase = Decoded<typeof phase>;

const media = record({ url: string, token: string, expires_at: instant });
export type MediaAccess = Decoded<typeof media>;

const site = record({ id: string, identity: string, city: text, name: text, zone: string });
const side = record({ id: string, order: number, name: text, sites: list(site) });
export type Side = Decoded<typeof side>;

const meeting = record({
  number,
  title: text,
  short_title: text,
  date_text: text,
  starts_at: nullable(instant),
  language,
  languages: list(language),
  phase,
  on_air_since: nullable(instant),
  is_demo: boolean,
  contact: nullable(string),
  sides: list(side),
});
export type Meeting = Decoded<typeof meeting>;

const SOURCES = ["camera", "microphone", "screen_share", "screen_share_audio"] as const;
const cell = record({
  role: string,
  identity: nullable(string),
  source: oneOf("camera", "screen_share"),
  city: text,
  lost: text,
  is_speaking: boolean,
  is_lost: boolean,
});
export type StageCell = Decoded<typeof cell>;

export const LAYOUTS = ["bridge", "speaker", "speaker-hall", "slides-speaker", "grid", "holding"] as const;
export type Layout = (typeof LAYOUTS)[number];
const title = record({ name: text, post: text, side: nullable(string) });
const cue = record({
  number,
  kind: oneOf("anthem", "film", "silence", "greeting"),
  title: text,
  starts_ms: number,
  seconds: nullable(number),
  clip: nullable(record({ name: string, sha256: string })),
});
const stage = record({
  sequence: number,
  transition: oneOf("cut", "dissolve"),
  layout: oneOf(...LAYOUTS),
  head: text,
  date: text,
  cells: list(cell),
  title: nullable(title),
  speaker: nullable(title),
  cue: nullable(cue),
  item: nullable(record({ position: number, total: number, title: text, next: nullable(text) })),
  card: nullable(record({ title: text, places: list(text), when: text })),
});
export type StageState = Decoded<typeof stage>;

const participant = record({
  identity: string,
  kind: oneOf("hall", "person"),
  name: text,
  post: text,
  side: string,
  site: nullable(string),
  language,
  can_publish: list(oneOf(...SOURCES)),
});
export type Invited = Decoded<typeof participant>;

export const joined = record({ meeting, participant, media, stage, live: string });
export type Joined = Decoded<typeof joined>;

export const watched = record({ meeting, media, stage, live: string });
export type Watched = Decoded<typeof watched>;

export const problem = partial({ code: string, detail: string, fields: dictionary(string) });

export const liveSnapshot = record({ phase, on_air_since: nullable(instant), server_time: instant, stage });
export const liveStage = record({ server_time: instant, stage });
export const livePhase = record({ server_time: instant, phase, on_air_since: nullable(instant) });
export const liveClock = record({ server_time: instant });
