// Every state of the cabinet, reached by its real parts over a stand-in for the server.
import type { CabinetApi } from "../src/api/cabinet";
import type { KeepingApi } from "../src/api/cabinetKeeping";
import { ApiError } from "../src/api/client";
import type { MeetingLine, MeetingList, OwnAccountAnswer, PlanAnswer } from "../src/api/shapes";
import { Route } from "../src/features/cabinet/address";
import type { Cabinet } from "../src/features/cabinet/cabinet";
import { Session } from "../src/features/cabinet/session";
import { AGREEMENT, aLine, aPlan, HISTORY, READINGS, TEMPLATES } from "./plans";

const NOW_MS = Date.parse("2016-03-30T13:20:00Z");
const ANNA: OwnAccountAnswer = { id: "account-1", login: "kovalevich", name: "Анна Ковалевич", role: "admin", organisation: "organisation-1", language: null, has_openid: false, disabled_at: null, version: 1, assignments: [], can_plan: true, can_keep_accounts: true };
const forever = new Promise<never>(() => undefined);
const refused = (code: string, status: number | null, fields: Record<string, string> = {}, body: unknown = null) => () => Promise.reject(new ApiError(code, status, undefined, fields, body));

const LISTS: Readonly<Record<string, readonly MeetingLine[]>> = {
  preparing: [
    aLine(),
    aLine({ number: 71, phase: "agreed", title: { ru: "Телемост городов-героев", be: "Тэлемост гарадоў-герояў" }, day: "2016-04-26", starts_at: Date.parse("2016-04-26T07:00:00Z"), cities: [{ ru: "Минск" }, ...Array.from({ length: 8 }, () => ({ ru: "Брест" }))], findings: [{ step: "substance", field: "lead", code: "lead_missing", before: "announced" }], is_demo: false }),
    aLine({ number: 72, phase: "draft", title: { ru: "О почтовой связи в приграничных районах" }, day: "2016-05-12", starts_at: null, cities: [{ ru: "Минск" }, { ru: "Смоленск" }], is_demo: false, findings: [{ step: "substance", field: "starts", code: "hour_missing", before: "sound_check" }, { step: "programme", field: "agenda", code: "programme_missing", before: "assembly" }] }),
    aLine({ number: 73, phase: "draft", title: { ru: "Рабочая встреча" }, day: null, starts_at: null, cities: [], is_demo: false, findings: [{ step: "substance", field: "day", code: "day_missing", before: "agreed" }] }),
  ],
  documents: [aLine({ number: 58, phase: "minutes", title: { ru: "Заседание Совместной рабочей группы по сотрудничеству с Курской областью" }, day: "2016-01-31", starts_at: Date.parse("2016-01-31T08:00:00Z"), findings: [], is_demo: false })],
  published: [aLine({ number: 64, phase: "published", title: { ru: "Рабочая встреча по вопросам электросвязи" }, day: "2016-03-18", findings: [], is_demo: false })],
  cancelled: [],
};

const listOf = (meetings: readonly MeetingLine[]): MeetingList => ({ meetings, next: null, counts: { preparing: 4, documents: 1, published: 12, cancelled: 0 } });

function serverOf(plan: PlanAnswer): CabinetApi {
  return {
    readAccount: () => Promise.resolve(ANNA),
    readWays: () => Promise.resolve({ openid: null }),
    signIn: () => Promise.resolve(ANNA),
    signOut: () => Promise.resolve(),
    readMeetings: (group) => Promise.resolve(listOf(LISTS[group] ?? [])),
    readPlan: () => Promise.resolve(plan),
    saveStep: () => forever,
    reschedule: () => forever,
    announce: () => forever,
    takeBack: () => forever,
    cancel: () => forever,
    begin: () => forever,
    readTemplates: () => Promise.resolve({ templates: TEMPLATES }),
    addTemplate: () => forever,
    removeTemplate: () => Promise.resolve(),
    readSeries: () => Promise.resolve({ series: [] }),
    readHistory: () => Promise.resolve({ entries: HISTORY }),
    takeStepBack: () => forever,
    readAgreement: () => Promise.resolve(plan.phase === "draft" ? { ...AGREEMENT, is_agreed: false } : AGREEMENT),
    askAgreement: () => forever,
    makeOfficeLink: () => Promise.resolve({ secret: "secret", path: "/o/bR3nVq7xP2kLw9sTzY5mGh" }),
    recordAcceptance: () => forever,
    replyToRemark: () => forever,
    closeRemark: () => forever,
    readRoster: () => Promise.resolve({ rows: READINGS }),
    spellName: () => forever,
    readInvitations: () => Promise.resolve({ has_mail_server: false, invited: [{ recipient: { kind: "office", id: "side-2" }, name: { ru: "Курская область" }, post: null, address: null, has_link: false, letter: null, answer: null }, { recipient: { kind: "person", id: "vetrova" }, name: { ru: "Ветрова Ольга" }, post: { ru: "первый секретарь городского комитета" }, address: "vetrova@example.org", has_link: true, letter: { id: "l1", recipient: { kind: "person", id: "vetrova" }, kind: "invitation", state: "waiting", language: "ru", address: "vetrova@example.org", made_at: NOW_MS, left_at: null, attempts: 0, next_attempt_at: null, failure: null, can_be_taken: true }, answer: "coming" }] }),
    invite: () => forever,
    remind: () => forever,
    withdrawInvitation: () => forever,
    readStaff: () => Promise.resolve([{ account: "account-2", login: "demidovich", name: "Олег Демидович", role: "operator" }]),
    assignStaff: refused("account_unknown", 404),
    withdrawStaff: () => Promise.resolve(),
  };
}

const KEEPING: KeepingApi = {
  readPeople: () => Promise.resolve([{ id: "p1", version: 1, name: { surname: { ru: "Попков", be: "Папкоў" }, given: { ru: "Сергей", be: "Сяргей" }, patronymic: null }, posts: [{ id: "w1", title: { ru: "министр связи и информатизации Республики Беларусь" }, organisation: null, since: "2014-12-29", until: null, short_title: null }], gender: null, email: "popkov@example.org", phone: null, language: null }]),
  keepPerson: () => forever,
  removePerson: () => forever,
  readOrganisations: () => Promise.resolve([]),
  keepOrganisation: () => forever,
  readBodies: () => Promise.resolve([]),
  keepBody: () => forever,
  readSeriesOf: () => Promise.resolve([]),
  keepSeries: () => forever,
  readAccounts: () => Promise.resolve([ANNA, { ...ANNA, id: "account-2", login: "demidovich", name: "Олег Демидович", role: "operator", disabled_at: NOW_MS }]),
  addAccount: () => forever,
  changeAccount: () => forever,
  resetPassword: () => forever,
  readSessions: () => Promise.resolve([{ id: "s1", began_at: NOW_MS, seen_at: NOW_MS, device: "Chromium", is_current: true }]),
  endOtherSessions: () => forever,
  changePassword: () => forever,
};

interface Wish {
  readonly path: string;
  readonly plan?: PlanAnswer;
  readonly api?: Partial<CabinetApi>;
  readonly then?: (session: Session) => Promise<void>;
  /** What this browser kept of a plan that was not sent. */
  readonly kept?: Partial<PlanAnswer["substance"]>;
}

const OUT: Partial<CabinetApi> = { readAccount: refused("not_signed_in", 401) };
const step = (card: string): string => `/cabinet/meetings/67/${card}`;
const DRAFT: Partial<PlanAnswer> = { phase: "draft", announced_at: null, next_phases: ["agreed", "discarded"] };
const OTHER = aPlan({ ...DRAFT, version: 13 });
const WISHES: Readonly<Record<string, Wish>> = {
  "cabinet-opening": { path: "/cabinet", api: { readAccount: () => forever } },
  "cabinet-unreachable": { path: "/cabinet", api: { readAccount: refused("unreachable", null) } },
  "cabinet-door": { path: "/cabinet", api: OUT },
  "cabinet-door-refused": { path: "/cabinet", api: { ...OUT, signIn: refused("sign_in_refused", 401) }, then: (session) => session.signIn("kovalevich", "wrong") },
  "cabinet-session-ended": { path: "/cabinet", then: (session) => session.run(refused("not_signed_in", 401)).catch(() => undefined) },
  "cabinet-list": { path: "/cabinet" },
  "cabinet-list-empty": { path: "/cabinet", api: { readMeetings: () => Promise.resolve(listOf([])) } },
  "cabinet-list-waiting": { path: "/cabinet", api: { readMeetings: () => forever } },
  "cabinet-list-failed": { path: "/cabinet", api: { readMeetings: refused("internal_error", 500) } },
  "cabinet-substance": { path: step("substance"), plan: aPlan(DRAFT) },
  "cabinet-substance-announced": { path: step("substance") },
  "cabinet-substance-conflict": {
    path: step("substance"), kept: { title: { ru: "Мой заголовок", be: "Нарада, прысвечаная Дню яднання народаў Беларусі і Расіі" } },
    plan: aPlan(DRAFT), api: { saveStep: refused("changed_meanwhile", 409, {}, { current: { ...OTHER, ...asWritten(OTHER), substance: { ...OTHER.substance, title: { ...OTHER.substance.title, ru: "Торжественное совещание ко Дню единения" } } }, changed_by: "Олег Демидович", changed_at: "2016-03-30T13:18:00Z" }) },
  },
  "cabinet-substance-refused": { path: step("substance"), kept: { ends: "10:30" }, plan: aPlan(DRAFT), api: { saveStep: refused("fields_refused", 422, { ends_at: "end_before_start" }) } },
  "cabinet-substance-offline": { path: step("substance"), kept: { contact: "press2@example.org" }, plan: aPlan(DRAFT), api: { saveStep: refused("unreachable", null) } },
  "cabinet-sides": { path: step("sides") },
  "cabinet-sides-empty": { path: step("sides"), plan: aPlan({ ...DRAFT, sides: [], roster: [], agenda: [] }) },
  "cabinet-roster": { path: step("roster") },
  "cabinet-roster-frozen": { path: step("roster"), plan: aPlan({ phase: "on_air", is_frozen: true }) },
  "cabinet-programme": { path: step("programme") },
  "cabinet-programme-late": { path: step("programme"), plan: aPlan({ substance: { ...aPlan().substance, ends: "12:00:00" } }) },
  "cabinet-agreement": { path: step("agreement") },
  "cabinet-agreement-draft": { path: step("agreement"), plan: aPlan({ ...DRAFT, findings: [{ step: "substance", field: "day", code: "day_missing", before: "agreed" }] }) },
  "cabinet-letters": { path: step("letters") },
  "cabinet-history": { path: step("history") },
  "cabinet-access": { path: step("access") },
  "cabinet-directory": { path: "/cabinet/directory" },
  "cabinet-templates": { path: "/cabinet/templates" },
  "cabinet-users": { path: "/cabinet/users" },
  "cabinet-account": { path: "/cabinet/account" },
  "cabinet-plan-unknown": { path: step("roster"), api: { readPlan: refused("meeting_unknown", 404) } },
};
export const CABINET_STATES = Object.keys(WISHES);

/** Times as the server writes them, for an answer that is decoded. */
function asWritten(plan: PlanAnswer): object {
  const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return { announced_at: time(plan.announced_at), steps: plan.steps.map((one) => ({ ...one, at: time(one.at) })) };
}

export function cabinetIn(state: string): Cabinet {
  const wish = WISHES[state] ?? { path: "/cabinet" };
  const plan = wish.plan ?? aPlan();
  const api = { ...serverOf(plan), ...wish.api };
  const key = `veche.plan.${ANNA.id}.67`;
  localStorage.removeItem(key);
  if (wish.kept) {
    const substance = { ...plan.substance, starts: "11:00", ends: "12:30" };
    const steps = { substance, sides: plan.sides, roster: plan.roster, programme: plan.agenda, access: plan.access };
    localStorage.setItem(key, JSON.stringify({ base: { version: plan.version, steps }, mine: { ...steps, substance: { ...substance, ...wish.kept } } }));
  }
  const session = new Session(api);
  void session.open().then(() => wish.then?.(session));
  const location = { pathname: wish.path };
  return { api, keeping: KEEPING, route: new Route({ location, pushState: (_data, _unused, url) => void (location.pathname = url), onPop: () => undefined }), session, nowMs: () => NOW_MS };
}
