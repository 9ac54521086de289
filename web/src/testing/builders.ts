// Values for tests and for the gallery of screens: the meeting of the source document, whole and changeable field by field.
import type { Person } from "../media/connection";
import type { Invited, Joined, Meeting, StageCell, StageState } from "../api/contract";

export const MINSK = "hall-minsk";
export const KURSK = "hall-kursk";

export function aCell(change: Partial<StageCell> = {}): StageCell {
  return {
    role: "side-1",
    identity: MINSK,
    source: "camera",
    city: { ru: "Минск", be: "Мінск", en: "Minsk" },
    lost: { ru: "Связь с Минском восстанавливается", be: "Сувязь з Мінскам аднаўляецца", en: "The link with Minsk is being restored" },
    is_speaking: false,
    is_lost: false,
    ...change,
  };
}

export const kurskCell = (change: Partial<StageCell> = {}): StageCell =>
  aCell({
    role: "side-2",
    identity: KURSK,
    city: { ru: "Курск", be: "Курск", en: "Kursk" },
    lost: { ru: "Связь с Курском восстанавливается", be: "Сувязь з Курскам аднаўляецца", en: "The link with Kursk is being restored" },
    ...change,
  });

const SHORT_TITLE = {
  ru: "День единения народов Беларуси и России",
  be: "Дзень яднання народаў Беларусі і Расіі",
  en: "Day of Unity of the Peoples of Belarus and Russia",
};

const KRIVOLAPOV: NonNullable<StageState["title"]> = {
  name: { ru: "Александр Криволапов", be: "Аляксандр Крывалапаў", en: "Alexander Krivolapov" },
  post: { ru: "заместитель губернатора Курской области", be: "намеснік губернатара Курскай вобласці", en: "Deputy Governor of Kursk Region" },
  side: "side-2",
};

export function aStage(change: Partial<StageState> = {}): StageState {
  return {
    sequence: 1,
    layout: "bridge",
    transition: "cut",
    head: SHORT_TITLE,
    date: { ru: "1 апреля", be: "1 красавіка", en: "1 April" },
    cells: [aCell(), kurskCell({ is_speaking: true })],
    title: KRIVOLAPOV,
    speaker: KRIVOLAPOV,
    cue: null,
    item: null,
    card: null,
    ...change,
  };
}

export function aHoldingStage(change: Partial<StageState> = {}): StageState {
  return aStage({
    layout: "holding",
    cells: [],
    title: null,
    speaker: null,
    card: {
      title: SHORT_TITLE,
      places: [{ ru: "Минск", be: "Мінск", en: "Minsk" }, { ru: "Курск", be: "Курск", en: "Kursk" }],
      when: { ru: "1 апреля, 11:00", be: "1 красавіка, 11:00", en: "1 April, 11:00" },
    },
    ...change,
  });
}

export function aMeeting(change: Partial<Meeting> = {}): Meeting {
  return {
    number: 67,
    title: {
      ru: "Совещание, посвящённое Дню единения народов Беларуси и России",
      be: "Нарада, прысвечаная Дню яднання народаў Беларусі і Расіі",
      en: "Meeting marking the Day of Unity of the Peoples of Belarus and Russia",
    },
    short_title: SHORT_TITLE,
    date_text: { ru: "1 апреля 2016 года", be: "1 красавіка 2016 года", en: "1 April 2016" },
    starts_at: Date.parse("2016-04-01T08:00:00Z"),
    language: "ru",
    languages: ["be", "ru", "en"],
    phase: "on_air",
    on_air_since: Date.parse("2016-04-01T08:00:00Z"),
    is_demo: true,
    contact: "press@ministry.example",
    sides: [
      {
        id: "side-1",
        order: 1,
        name: { ru: "Республика Беларусь", be: "Рэспубліка Беларусь", en: "Republic of Belarus" },
        sites: [{ id: "minsk", identity: MINSK, city: { ru: "Минск", be: "Мінск", en: "Minsk" }, name: { ru: "Зал Минск", be: "Зала Мінск", en: "Minsk hall" }, zone: "Europe/Minsk" }],
      },
      {
        id: "side-2",
        order: 2,
        name: { ru: "Курская область", be: "Курская вобласць", en: "Kursk Region" },
        sites: [{ id: "kursk", identity: KURSK, city: { ru: "Курск", be: "Курск", en: "Kursk" }, name: { ru: "Зал Курск", be: "Зала Курск", en: "Kursk hall" }, zone: "Europe/Moscow" }],
      },
    ],
    ...change,
  };
}

export function anInvited(change: Partial<Invited> = {}): Invited {
  return {
    identity: "person-vetrova",
    kind: "person",
    name: { ru: "Ольга Ветрова", be: "Вольга Ветрава", en: "Olga Vetrova" },
    post: { ru: "первый секретарь городского комитета БРСМ", be: "першы сакратар гарадскога камітэта БРСМ", en: "First Secretary of the City Committee of the BRSM" },
    side: "side-1",
    site: null,
    language: "ru",
    can_publish: ["camera", "microphone", "screen_share", "screen_share_audio"],
    ...change,
  };
}

export function aJoined(change: Partial<Joined> = {}): Joined {
  return {
    meeting: aMeeting(),
    participant: anInvited(),
    media: { url: "wss://veche.example", token: "token-1", expires_at: Date.parse("2016-04-01T08:27:00Z") },
    stage: aStage(),
    live: "/api/v1/meetings/67/live",
    ...change,
  };
}

export function aPerson(change: Partial<Person> = {}): Person {
  return { identity: "guest", name: "Гость", post: "", kind: "person", side: "side-1", isLocal: false, isSpeaking: false, line: "good", microphone: "open", camera: null, screen: null, ...change };
}
