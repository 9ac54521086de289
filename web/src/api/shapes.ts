// Made by scripts/shapes.py of the server's own description of its interface; not to be edited.
// A decoder for each answer that pages ask for, and the type that it gives.
import { text } from "./contract";
import { boolean, dictionary, instant, list, nullable, number, oneOf, record, string, type Decoded } from "./decode";

export const globalRole = /* @__PURE__ */ oneOf("admin", "organiser", "operator", "viewer");
export type GlobalRole = Decoded<typeof globalRole>;

export const language = /* @__PURE__ */ oneOf("be", "ru", "en");
export type Language = Decoded<typeof language>;

export const accountShape = /* @__PURE__ */ record({
  id: string,
  login: string,
  name: string,
  role: globalRole,
  organisation: nullable(string),
  language: nullable(language),
  has_openid: boolean,
  disabled_at: nullable(instant),
  version: number,
});
export type AccountShape = Decoded<typeof accountShape>;

export const phase = /* @__PURE__ */ oneOf("draft", "agreed", "announced", "sound_check", "assembly", "on_air", "break", "closed", "minutes", "published", "cancelled", "discarded");
export type Phase = Decoded<typeof phase>;

export const step = /* @__PURE__ */ oneOf("substance", "sides", "roster", "programme", "access", "agreement");
export type Step = Decoded<typeof step>;

export const findingShape = /* @__PURE__ */ record({
  step: step,
  field: string,
  code: string,
  before: nullable(phase),
});
export type FindingShape = Decoded<typeof findingShape>;

export const meetingLine = /* @__PURE__ */ record({
  number: number,
  version: number,
  phase: phase,
  is_demo: boolean,
  title: text,
  short_title: text,
  day: nullable(string),
  starts_at: nullable(instant),
  zone: string,
  cities: list(text),
  leaders: list(text),
  people: number,
  findings: list(findingShape),
  next_phase: nullable(phase),
});
export type MeetingLine = Decoded<typeof meetingLine>;

export const meetingList = /* @__PURE__ */ record({
  meetings: list(meetingLine),
  next: nullable(string),
  counts: dictionary(number),
});
export type MeetingList = Decoded<typeof meetingList>;

export const newAccountAnswer = /* @__PURE__ */ record({
  account: accountShape,
  password: nullable(string),
});
export type NewAccountAnswer = Decoded<typeof newAccountAnswer>;

export const newPasswordAnswer = /* @__PURE__ */ record({
  password: string,
});
export type NewPasswordAnswer = Decoded<typeof newPasswordAnswer>;

export const meetingRole = /* @__PURE__ */ oneOf("co_chair", "secretary", "operator", "technician");
export type MeetingRole = Decoded<typeof meetingRole>;

export const assignmentShape = /* @__PURE__ */ record({
  meeting: number,
  role: meetingRole,
});
export type AssignmentShape = Decoded<typeof assignmentShape>;

export const ownAccountAnswer = /* @__PURE__ */ record({
  id: string,
  login: string,
  name: string,
  role: globalRole,
  organisation: nullable(string),
  language: nullable(language),
  has_openid: boolean,
  disabled_at: nullable(instant),
  version: number,
  assignments: list(assignmentShape),
  can_plan: boolean,
  can_keep_accounts: boolean,
});
export type OwnAccountAnswer = Decoded<typeof ownAccountAnswer>;

export const correctionShape = /* @__PURE__ */ record({
  at: instant,
  words: text,
  instead_of: nullable(instant),
});
export type CorrectionShape = Decoded<typeof correctionShape>;

export const kind = /* @__PURE__ */ oneOf("ceremony", "work", "ceremony_and_work");
export type Kind = Decoded<typeof kind>;

export const substanceShape = /* @__PURE__ */ record({
  kind: kind,
  title: text,
  short_title: nullable(text),
  lead: nullable(text),
  background: list(text),
  day: nullable(string),
  starts: nullable(string),
  ends: nullable(string),
  ends_day: nullable(string),
  zone: string,
  language: language,
  languages: list(language),
  series: nullable(string),
  ordinal: nullable(number),
  contact: nullable(string),
});
export type SubstanceShape = Decoded<typeof substanceShape>;

export const audioProfile = /* @__PURE__ */ oneOf("mixer_line", "room_microphone");
export type AudioProfile = Decoded<typeof audioProfile>;

export const plannedSiteShape = /* @__PURE__ */ record({
  id: nullable(string),
  city: text,
  city_with: nullable(text),
  name: text,
  zone: string,
  address: nullable(text),
  technician: nullable(string),
  phone: nullable(string),
  reserve_phone: nullable(string),
  audio: audioProfile,
  screens: number,
  is_required: boolean,
});
export type PlannedSiteShape = Decoded<typeof plannedSiteShape>;

export const wording = /* @__PURE__ */ oneOf("names", "groups");
export type Wording = Decoded<typeof wording>;

export const plannedSideShape = /* @__PURE__ */ record({
  id: nullable(string),
  name: text,
  sites: list(plannedSiteShape),
  office_contact: nullable(string),
  wording: wording,
  has_others: boolean,
});
export type PlannedSideShape = Decoded<typeof plannedSideShape>;

export const personNameShape = /* @__PURE__ */ record({
  surname: text,
  given: nullable(text),
  patronymic: nullable(text),
});
export type PersonNameShape = Decoded<typeof personNameShape>;

export const participationRole = /* @__PURE__ */ oneOf("co_chair", "rapporteur", "participant", "invited", "interpreter", "signer", "press", "staff");
export type ParticipationRole = Decoded<typeof participationRole>;

export const answer = /* @__PURE__ */ oneOf("awaited", "coming", "declined", "replaced");
export type Answer = Decoded<typeof answer>;

export const participationShape = /* @__PURE__ */ record({
  id: nullable(string),
  side: string,
  post: text,
  full_name: nullable(personNameShape),
  name: nullable(text),
  site: nullable(string),
  leads_side: boolean,
  office: nullable(text),
  role: participationRole,
  count: nullable(number),
  short_post: nullable(text),
  organisation: nullable(text),
  person: nullable(string),
  seat: nullable(string),
  email: nullable(string),
  is_announced: boolean,
  may_speak: boolean,
  allows_remote_unmute: boolean,
  allows_publication: boolean,
  answer: answer,
  replaced_by: nullable(string),
});
export type ParticipationShape = Decoded<typeof participationShape>;

export const itemKind = /* @__PURE__ */ oneOf("ceremony", "speech", "discussion", "closing", "film", "anthem", "silence", "break");
export type ItemKind = Decoded<typeof itemKind>;

export const agendaItemShape = /* @__PURE__ */ record({
  id: nullable(string),
  kind: itemKind,
  title: text,
  seconds: number,
  note: nullable(text),
  short_title: nullable(text),
  rapporteurs: list(string),
  speech_limit_seconds: nullable(number),
  side: nullable(string),
});
export type AgendaItemShape = Decoded<typeof agendaItemShape>;

export const webcast = /* @__PURE__ */ oneOf("none", "by_link", "open");
export type Webcast = Decoded<typeof webcast>;

export const recordPolicy = /* @__PURE__ */ oneOf("none", "programme", "programme_and_sites");
export type RecordPolicy = Decoded<typeof recordPolicy>;

export const accessShape = /* @__PURE__ */ record({
  webcast: webcast,
  record: recordPolicy,
  retention_days: nullable(number),
  legal_ground: nullable(string),
});
export type AccessShape = Decoded<typeof accessShape>;

export const sideTimeShape = /* @__PURE__ */ record({
  side: string,
  seconds: number,
});
export type SideTimeShape = Decoded<typeof sideTimeShape>;

export const sumsShape = /* @__PURE__ */ record({
  seconds: number,
  starts: list(instant),
  ends_at: nullable(instant),
  over_seconds: nullable(number),
  by_side: list(sideTimeShape),
  together_seconds: number,
});
export type SumsShape = Decoded<typeof sumsShape>;

export const stepStateShape = /* @__PURE__ */ record({
  step: step,
  version: number,
  by: nullable(string),
  at: nullable(instant),
});
export type StepStateShape = Decoded<typeof stepStateShape>;

export const planAnswer = /* @__PURE__ */ record({
  number: number,
  version: number,
  phase: phase,
  is_demo: boolean,
  is_frozen: boolean,
  organisation: nullable(string),
  organiser: text,
  announced_at: nullable(instant),
  corrections: list(correctionShape),
  cancellation: nullable(correctionShape),
  substance: substanceShape,
  sides: list(plannedSideShape),
  roster: list(participationShape),
  agenda: list(agendaItemShape),
  access: accessShape,
  sums: sumsShape,
  findings: list(findingShape),
  steps: list(stepStateShape),
  next_phases: list(phase),
});
export type PlanAnswer = Decoded<typeof planAnswer>;

export const sessionShape = /* @__PURE__ */ record({
  id: string,
  began_at: instant,
  seen_at: instant,
  device: string,
  is_current: boolean,
});
export type SessionShape = Decoded<typeof sessionShape>;

export const staffShape = /* @__PURE__ */ record({
  account: string,
  login: string,
  name: string,
  role: meetingRole,
});
export type StaffShape = Decoded<typeof staffShape>;
