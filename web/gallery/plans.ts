// A meeting as the cabinet plans it, with invented people around the facts.
import type { Text } from "../src/api/contract";
import type { AgendaItemShape, AgreementAnswer, FindingShape, HistoryAnswer, MeetingLine, ParticipationShape, PlanAnswer, PlannedSideShape, ReadRowShape, TemplateShape } from "../src/api/shapes";

const line = (id: string, side: string, post: Text, change: Partial<ParticipationShape> = {}): ParticipationShape => ({
  id, side, post, full_name: null, name: null, site: side === "side-1" ? "minsk" : "kursk", leads_side: false, office: null, role: "rapporteur", count: 1, short_post: null, organisation: null,
  person: null, seat: null, email: null, is_announced: true, may_speak: true, allows_remote_unmute: false, allows_publication: true, answer: "awaited", replaced_by: null, ...change,
});
const person = (surname: string, given: string, be = "", en = "") => ({ surname: { ru: surname, ...(be && { be: be.split(" ")[0] ?? "" }), ...(en && { en: en.split(" ")[0] ?? "" }) }, given: { ru: given, ...(be && { be: be.split(" ")[1] ?? "" }), ...(en && { en: en.split(" ")[1] ?? "" }) }, patronymic: null });

const ROSTER: readonly ParticipationShape[] = [
  line("popkov", "side-1", { ru: "министр связи и информатизации Республики Беларусь", be: "міністр сувязі і інфарматызацыі Рэспублікі Беларусь", en: "Minister of Communications and Informatization of the Republic of Belarus" }, { full_name: person("Попков", "Сергей", "Папкоў Сяргей", "Popkov Sergei"), role: "co_chair", leads_side: true, seat: "1" }),
  line("council", "side-1", { ru: "председатель Республиканского Совета Белорусской общественной организации ветеранов" }, { seat: "2" }),
  line("zhdanovich", "side-1", { ru: "председатель Минской городской организации ветеранов" }, { full_name: person("Жданович", "Николай"), seat: "3" }),
  line("vetrova", "side-1", { ru: "первый секретарь городского комитета Белорусского республиканского союза молодёжи" }, { full_name: person("Ветрова", "Ольга", "Ветрава Вольга", "Vetrova Olga"), site: null, email: "vetrova@example.org" }),
  line("stankevich", "side-1", { ru: "заместитель председателя комитета по транспорту, архитектуре и строительству Минского городского исполнительного комитета" }, { full_name: person("Станкевич-Загорский", "Константин"), role: "participant", may_speak: false, seat: "5", short_post: { ru: "заместитель председателя комитета Мингорисполкома" } }),
  line("veterans-minsk", "side-1", { ru: "Ветераны", be: "Ветэраны", en: "Veterans" }, { role: "invited", count: 13, may_speak: false }),
  line("krivolapov", "side-2", { ru: "заместитель губернатора Курской области", be: "намеснік губернатара Курскай вобласці", en: "Deputy Governor of Kursk Region" }, { full_name: person("Криволапов", "Александр", "Крывалапаў Аляксандр", "Krivolapov Alexander"), role: "co_chair", leads_side: true, seat: "1" }),
  line("orekhova", "side-2", { ru: "председатель комитета промышленности и торговли Курской области" }, { full_name: person("Орехова", "Марина"), seat: "2" }),
  line("council-kursk", "side-2", { ru: "председатель областного совета ветеранов" }, { seat: "3" }),
  line("veterans-kursk", "side-2", { ru: "Ветераны", be: "Ветэраны", en: "Veterans" }, { role: "invited", count: 6, may_speak: false }),
];

const hall = (id: string, city: Text, name: Text, change: Partial<PlannedSideShape["sites"][number]>): PlannedSideShape["sites"][number] => ({ id, city, city_with: null, name, zone: "Europe/Minsk", address: null, technician: null, phone: null, reserve_phone: null, audio: "mixer_line", screens: 2, is_required: true, ...change });
const SIDES: readonly PlannedSideShape[] = [
  {
    id: "side-1", name: { ru: "Республика Беларусь", be: "Рэспубліка Беларусь", en: "Republic of Belarus" }, office_contact: "protocol@example.org", wording: "names", has_others: true,
    sites: [hall("minsk", { ru: "Минск", be: "Мінск", en: "Minsk" }, { ru: "Зал Минск", be: "Зала Мінск", en: "Minsk hall" }, { address: { ru: "Минск, демонстрационный адрес, 1" }, technician: "Демидович Олег", phone: "+000 00 000-00-01", reserve_phone: "+000 00 000-00-02" })],
  },
  {
    id: "side-2", name: { ru: "Курская область", be: "Курская вобласць", en: "Kursk Region" }, office_contact: null, wording: "names", has_others: true,
    sites: [hall("kursk", { ru: "Курск", be: "Курск", en: "Kursk" }, { ru: "Зал Курск", be: "Зала Курск", en: "Kursk hall" }, { zone: "Europe/Moscow", city_with: { ru: "Курском", be: "Курскам", en: "Kursk" } })],
  },
];

const item = (id: string, kind: AgendaItemShape["kind"], minutes: number, title: Text, change: Partial<AgendaItemShape> = {}): AgendaItemShape => ({ id, kind, title, seconds: minutes * 60, note: null, short_title: null, rapporteurs: [], speech_limit_seconds: null, side: null, ...change });
const AGENDA: readonly AgendaItemShape[] = [
  item("i1", "anthem", 5, { ru: "Открытие. Государственные гимны", be: "Адкрыццё. Дзяржаўныя гімны", en: "Opening. National anthems" }),
  item("i2", "speech", 7, { ru: "Приветствие министра связи и информатизации", be: "Прывітанне міністра сувязі і інфарматызацыі" }, { rapporteurs: ["popkov"], side: "side-1" }),
  item("i3", "speech", 7, { ru: "Приветствие заместителя губернатора Курской области", be: "Прывітанне намесніка губернатара Курскай вобласці" }, { rapporteurs: ["krivolapov"], side: "side-2" }),
  item("i4", "speech", 15, { ru: "Слово ветеранов", be: "Слова ветэранаў" }, { note: { ru: "Минск, Курск" } }),
  item("i5", "film", 10, { ru: "Молодёжь двух стран", be: "Моладзь дзвюх краін" }, { note: { ru: "БРСМ" }, side: "side-1" }),
  item("i6", "discussion", 25, { ru: "О развитии двусторонних торгово-экономических отношений", be: "Аб развіцці двухбаковых гандлёва-эканамічных адносін" }, { speech_limit_seconds: 300 }),
  item("i7", "discussion", 15, { ru: "О перспективных направлениях сотрудничества", be: "Аб перспектыўных напрамках супрацоўніцтва" }),
  item("i8", "closing", 5, { ru: "Закрытие", be: "Закрыццё" }),
];

const FINDINGS: readonly FindingShape[] = [
  { step: "sides", field: "sides[1].sites[0].technician", code: "technician_missing", before: null },
  { step: "sides", field: "sides[1].office_contact", code: "office_contact_missing", before: null },
  { step: "roster", field: "roster[1].name", code: "name_missing", before: null },
  { step: "roster", field: "roster[8].name", code: "name_missing", before: null },
  { step: "access", field: "legal_ground", code: "legal_ground_missing", before: "sound_check" },
  { step: "access", field: "retention_days", code: "retention_missing", before: "sound_check" },
];

const TITLE: Text = { ru: "Совещание, посвящённое Дню единения народов Беларуси и России", be: "Нарада, прысвечаная Дню яднання народаў Беларусі і Расіі", en: "Meeting marking the Day of Unity of the Peoples of Belarus and Russia" };

export function aPlan(change: Partial<PlanAnswer> = {}): PlanAnswer {
  const at = Date.parse("2016-03-30T13:20:00Z");
  return {
    number: 67, version: 12, phase: "announced", is_demo: true, is_frozen: false, organisation: "organisation-1", organiser: { ru: "Министерство связи и информатизации" }, announced_at: Date.parse("2016-03-28T09:00:00Z"), corrections: [], cancellation: null,
    substance: {
      kind: "ceremony_and_work", title: TITLE, short_title: { ru: "День единения народов Беларуси и России", be: "Дзень яднання народаў Беларусі і Расіі", en: "Day of Unity" }, lead: { ru: "Министр связи и информатизации и заместитель губернатора Курской области встречаются по видеосвязи с ветеранами и молодёжью." },
      background: [{ ru: "Сообщество Беларуси и России создано в 1996 году, Союз в 1997 году." }, { ru: "Сотрудничество с Курской областью идёт с 2002 года." }], day: "2016-04-01", starts: "11:00:00", ends: "12:30:00", ends_day: null, zone: "Europe/Minsk", language: "ru", languages: ["be", "ru", "en"], series: null, ordinal: null, contact: "press@example.org",
    },
    sides: SIDES, roster: ROSTER, agenda: AGENDA, access: { webcast: "open", record: "programme", retention_days: null, legal_ground: null },
    sums: { seconds: 5_340, starts: [], ends_at: null, over_seconds: null, by_side: [], together_seconds: 0 }, findings: FINDINGS,
    steps: (["substance", "sides", "roster", "programme", "access"] as const).map((step) => ({ step, version: 4, by: "Анна Ковалевич", at })), next_phases: ["sound_check", "cancelled"],
    ...change,
  };
}

export function aLine(change: Partial<MeetingLine> = {}): MeetingLine {
  return { number: 67, version: 12, phase: "announced", is_demo: true, title: TITLE, short_title: TITLE, day: "2016-04-01", starts_at: Date.parse("2016-04-01T08:00:00Z"), zone: "Europe/Minsk", cities: [{ ru: "Минск", be: "Мінск", en: "Minsk" }, { ru: "Курск", be: "Курск", en: "Kursk" }], leaders: [{ ru: "Сергей Попков", be: "Сяргей Папкоў", en: "Sergei Popkov" }, { ru: "Александр Криволапов", be: "Аляксандр Крывалапаў", en: "Alexander Krivolapov" }], people: 27, findings: FINDINGS, next_phase: "sound_check", sides: 2, accepted: 2, invited: 11, answered: 9, ...change };
}

const atHour = (text: string): number => Date.parse(`2016-03-${text}:00+03:00`);
export const AGREEMENT: AgreementAnswer = {
  asked_at: atHour("25T10:00"), is_agreed: true, mark: "0123456789abcdef", number: 67, version: 12, phase: "announced",
  sides: [
    { side: "side-1", name: SIDES[0]?.name ?? {}, standing: "accepted", acceptance: { by: "Сергей Попков, министр связи и информатизации", at: atHour("26T17:40"), version: 4, note: null, recorded_by: null }, changes: [], remarks: [] },
    {
      side: "side-2", name: SIDES[1]?.name ?? {}, standing: "asked_again", acceptance: { by: "Александр Криволапов, заместитель губернатора Курской области", at: atHour("27T11:20"), version: 4, note: "письмо № 15-08/112 от 26 марта", recorded_by: "Анна Ковалевич" },
      changes: [{ field: "agenda[i4].length", before: "0:10:00", after: "0:15:00" }, { field: "roster[orekhova].post.ru", before: "председатель комитета", after: "председатель комитета промышленности и торговли Курской области" }],
      remarks: [{ id: "r1", by: "Служба протокола Курской области", at: atHour("27T09:05"), words: "Просим дать слово и курским ветеранам.", about: "agenda[i4]", reply: "Внесли: Минск и Курск, по очереди.", replied_at: atHour("27T10:30"), closed_at: atHour("27T11:00") }, { id: "r2", by: "Служба протокола Курской области", at: atHour("29T09:05"), words: "Уточните время закрытия.", about: null, reply: null, replied_at: null, closed_at: null }],
    },
  ],
};

type Entry = HistoryAnswer["entries"][number];
const entry = (sequence: number, change: Partial<Entry>): Entry => ({ sequence, at: atHour("30T16:20"), by: "Анна Ковалевич", action: "save_step", refusal: null, step: "roster", version: sequence, changes: [], ...change });
export const HISTORY: readonly Entry[] = [
  entry(9, { changes: [{ field: "roster[stankevich].short_post.ru", before: null, after: "заместитель председателя комитета Мингорисполкома" }, { field: "roster[stankevich].may_speak", before: true, after: false }] }),
  entry(8, { step: null, action: "announce", at: atHour("28T12:00") }),
  entry(7, { step: "substance", by: "Олег Демидович", at: atHour("27T15:05"), changes: [{ field: "title.be", before: "Нарада да Дня яднання", after: "Нарада, прысвечаная Дню яднання народаў Беларусі і Расіі" }] }),
  entry(1, { step: null, action: "create_meeting", at: atHour("20T09:30") }),
];

export const TEMPLATES: readonly TemplateShape[] = [{ id: "t1", name: { ru: "Телемост двух сторон" }, title: { ru: "Совещание" }, cities: [{ ru: "Минск" }, { ru: "Курск" }], items: 8 }];

const readRow = (number: number, source: string, change: Partial<ReadRowShape>): ReadRowShape => ({ number, part: "", source, kind: "person", confidence: "certain", doubts: [], pieces: [], name: null, post: null, organisation: null, side: "side-1", site: null, role: "participant", count: 1, seat: null, email: null, note: null, has_others: false, allows_publication: true, twins: [], ...change });
export const READINGS: readonly ReadRowShape[] = [
  readRow(1, "Республика Беларусь", { kind: "heading" }),
  readRow(2, "1. Ковалёв Пётр Ильич, начальник управления электросвязи", { name: { forms: { ru: { surname: "Ковалёв", given: "Пётр", patronymic: "Ильич" }, be: { surname: "Кавалёў", given: "Пётр", patronymic: "Ільіч" } }, doubtful: ["be"] }, post: { ru: "начальник управления электросвязи" }, pieces: [{ start: 0, end: 2, field: "number", confidence: "certain" }, { start: 3, end: 22, field: "name", confidence: "certain" }, { start: 24, end: 56, field: "post", confidence: "certain" }] }),
  readRow(3, "2. Жданович Н., ветеранская организация", { confidence: "doubtful", doubts: ["order_guessed"], name: { forms: { ru: { surname: "Жданович", given: "Н.", patronymic: "" } }, doubtful: [] }, post: { ru: "ветеранская организация" }, pieces: [{ start: 3, end: 14, field: "name", confidence: "doubtful" }, { start: 16, end: 39, field: "post", confidence: "certain" }], twins: [{ likeness: "initials", row: null, participation: "zhdanovich" }] }),
  readRow(4, "ветераны, 12 человек", { kind: "group", role: "invited", count: 12, post: { ru: "ветераны" }, pieces: [{ start: 0, end: 8, field: "post", confidence: "certain" }, { start: 10, end: 20, field: "count", confidence: "certain" }] }),
  readRow(5, "=A1&B1", { kind: "unclear", confidence: "doubtful", doubts: ["formula", "not_understood"] }),
];
