// Made by scripts/shapes.py of the server's own description of its interface; not to be edited.
// A decoder for each answer that pages ask for, and the type that it gives.
import { text } from "./contract";
import { anything, boolean, dictionary, instant, list, nullable, number, oneOf, record, string, type Decoded } from "./decode";

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

export const standing = /* @__PURE__ */ oneOf("not_asked", "awaited", "remarks", "accepted", "asked_again");
export type Standing = Decoded<typeof standing>;

export const acceptanceShape = /* @__PURE__ */ record({
  by: string,
  at: instant,
  version: number,
  note: nullable(string),
  recorded_by: nullable(string),
});
export type AcceptanceShape = Decoded<typeof acceptanceShape>;

export const changeShape = /* @__PURE__ */ record({
  field: string,
  before: anything,
  after: anything,
});
export type ChangeShape = Decoded<typeof changeShape>;

export const remarkShape = /* @__PURE__ */ record({
  id: string,
  by: string,
  at: instant,
  words: string,
  about: nullable(string),
  reply: nullable(string),
  replied_at: nullable(instant),
  closed_at: nullable(instant),
});
export type RemarkShape = Decoded<typeof remarkShape>;

export const sideAgreementShape = /* @__PURE__ */ record({
  side: string,
  name: text,
  standing: standing,
  acceptance: nullable(acceptanceShape),
  changes: list(changeShape),
  remarks: list(remarkShape),
});
export type SideAgreementShape = Decoded<typeof sideAgreementShape>;

export const phase = /* @__PURE__ */ oneOf("draft", "agreed", "announced", "sound_check", "assembly", "on_air", "break", "closed", "minutes", "published", "cancelled", "discarded");
export type Phase = Decoded<typeof phase>;

export const agreementAnswer = /* @__PURE__ */ record({
  asked_at: nullable(instant),
  is_agreed: boolean,
  mark: string,
  sides: list(sideAgreementShape),
  number: number,
  version: number,
  phase: phase,
});
export type AgreementAnswer = Decoded<typeof agreementAnswer>;

export const bodyShape = /* @__PURE__ */ record({
  id: nullable(string),
  version: number,
  name: text,
  founding_act: nullable(text),
  sides: list(text),
});
export type BodyShape = Decoded<typeof bodyShape>;

export const bodiesAnswer = /* @__PURE__ */ record({
  bodies: list(bodyShape),
});
export type BodiesAnswer = Decoded<typeof bodiesAnswer>;

export const step = /* @__PURE__ */ oneOf("substance", "sides", "roster", "programme", "access", "agreement");
export type Step = Decoded<typeof step>;

export const planAnswersEntryShape = /* @__PURE__ */ record({
  sequence: number,
  at: instant,
  by: string,
  action: string,
  refusal: nullable(string),
  step: nullable(step),
  version: nullable(number),
  changes: list(changeShape),
});
export type PlanAnswersEntryShape = Decoded<typeof planAnswersEntryShape>;

export const historyAnswer = /* @__PURE__ */ record({
  entries: list(planAnswersEntryShape),
});
export type HistoryAnswer = Decoded<typeof historyAnswer>;

export const recipientKind = /* @__PURE__ */ oneOf("person", "hall", "office");
export type RecipientKind = Decoded<typeof recipientKind>;

export const recipientShape = /* @__PURE__ */ record({
  kind: recipientKind,
  id: string,
});
export type RecipientShape = Decoded<typeof recipientShape>;

export const letterKind = /* @__PURE__ */ oneOf("invitation", "reminder");
export type LetterKind = Decoded<typeof letterKind>;

export const letterState = /* @__PURE__ */ oneOf("waiting", "sent", "handed", "failed", "dropped");
export type LetterState = Decoded<typeof letterState>;

export const letterShape = /* @__PURE__ */ record({
  id: string,
  recipient: recipientShape,
  kind: letterKind,
  state: letterState,
  language: language,
  address: nullable(string),
  made_at: instant,
  left_at: nullable(instant),
  attempts: number,
  next_attempt_at: nullable(instant),
  failure: nullable(string),
  can_be_taken: boolean,
});
export type LetterShape = Decoded<typeof letterShape>;

export const answer = /* @__PURE__ */ oneOf("awaited", "coming", "declined", "replaced");
export type Answer = Decoded<typeof answer>;

export const invitedShape = /* @__PURE__ */ record({
  recipient: recipientShape,
  name: dictionary(string),
  post: nullable(dictionary(string)),
  address: nullable(string),
  has_link: boolean,
  letter: nullable(letterShape),
  answer: nullable(answer),
});
export type InvitedShape = Decoded<typeof invitedShape>;

export const invitationsAnswer = /* @__PURE__ */ record({
  invited: list(invitedShape),
  has_mail_server: boolean,
});
export type InvitationsAnswer = Decoded<typeof invitationsAnswer>;

export const linkAnswer = /* @__PURE__ */ record({
  secret: string,
  path: string,
});
export type LinkAnswer = Decoded<typeof linkAnswer>;

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
  sides: number,
  accepted: number,
  invited: number,
  answered: number,
});
export type MeetingLine = Decoded<typeof meetingLine>;

export const meetingList = /* @__PURE__ */ record({
  meetings: list(meetingLine),
  next: nullable(string),
  counts: dictionary(number),
});
export type MeetingList = Decoded<typeof meetingList>;

export const nameShape = /* @__PURE__ */ record({
  surname: string,
  given: string,
  patronymic: string,
});
export type NameShape = Decoded<typeof nameShape>;

export const nameFormsAnswer = /* @__PURE__ */ record({
  forms: dictionary(nameShape),
  doubtful: list(language),
});
export type NameFormsAnswer = Decoded<typeof nameFormsAnswer>;

export const newAccountAnswer = /* @__PURE__ */ record({
  account: accountShape,
  password: nullable(string),
});
export type NewAccountAnswer = Decoded<typeof newAccountAnswer>;

export const newPasswordAnswer = /* @__PURE__ */ record({
  password: string,
});
export type NewPasswordAnswer = Decoded<typeof newPasswordAnswer>;

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

export const planShapesSiteShape = /* @__PURE__ */ record({
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
export type PlanShapesSiteShape = Decoded<typeof planShapesSiteShape>;

export const wording = /* @__PURE__ */ oneOf("names", "groups");
export type Wording = Decoded<typeof wording>;

export const plannedSideShape = /* @__PURE__ */ record({
  id: nullable(string),
  name: text,
  sites: list(planShapesSiteShape),
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

export const agreementShape = /* @__PURE__ */ record({
  asked_at: nullable(instant),
  is_agreed: boolean,
  mark: string,
  sides: list(sideAgreementShape),
});
export type AgreementShape = Decoded<typeof agreementShape>;

export const officeAnswer = /* @__PURE__ */ record({
  number: number,
  version: number,
  phase: phase,
  is_demo: boolean,
  is_frozen: boolean,
  organiser: text,
  side: string,
  substance: substanceShape,
  sides: list(plannedSideShape),
  roster: list(participationShape),
  agenda: list(agendaItemShape),
  access: accessShape,
  sums: sumsShape,
  agreement: agreementShape,
});
export type OfficeAnswer = Decoded<typeof officeAnswer>;

export const organisationShape = /* @__PURE__ */ record({
  id: nullable(string),
  version: number,
  name: text,
  short_name: nullable(text),
  region: nullable(text),
  zone: string,
  language: language,
  press_contact: nullable(string),
});
export type OrganisationShape = Decoded<typeof organisationShape>;

export const organisationsAnswer = /* @__PURE__ */ record({
  organisations: list(organisationShape),
});
export type OrganisationsAnswer = Decoded<typeof organisationsAnswer>;

export const meetingRole = /* @__PURE__ */ oneOf("co_chair", "secretary", "operator", "technician");
export type MeetingRole = Decoded<typeof meetingRole>;

export const accountsAssignmentShape = /* @__PURE__ */ record({
  meeting: number,
  role: meetingRole,
});
export type AccountsAssignmentShape = Decoded<typeof accountsAssignmentShape>;

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
  assignments: list(accountsAssignmentShape),
  can_plan: boolean,
  can_keep_accounts: boolean,
});
export type OwnAccountAnswer = Decoded<typeof ownAccountAnswer>;

export const postShape = /* @__PURE__ */ record({
  id: nullable(string),
  title: text,
  organisation: nullable(text),
  since: nullable(string),
  until: nullable(string),
  short_title: nullable(text),
});
export type PostShape = Decoded<typeof postShape>;

export const gender = /* @__PURE__ */ oneOf("female", "male");
export type Gender = Decoded<typeof gender>;

export const personShape = /* @__PURE__ */ record({
  id: nullable(string),
  version: number,
  name: personNameShape,
  posts: list(postShape),
  gender: nullable(gender),
  email: nullable(string),
  phone: nullable(string),
  language: nullable(language),
});
export type PersonShape = Decoded<typeof personShape>;

export const peopleAnswer = /* @__PURE__ */ record({
  people: list(personShape),
});
export type PeopleAnswer = Decoded<typeof peopleAnswer>;

export const correctionShape = /* @__PURE__ */ record({
  at: instant,
  words: text,
  instead_of: nullable(instant),
});
export type CorrectionShape = Decoded<typeof correctionShape>;

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

export const rowKind = /* @__PURE__ */ oneOf("person", "group", "others", "heading", "unclear");
export type RowKind = Decoded<typeof rowKind>;

export const doubt = /* @__PURE__ */ oneOf("name_guessed", "order_guessed", "no_surname", "no_post", "in_another_column", "several_people", "side_unknown", "role_unknown", "formula", "not_understood");
export type Doubt = Decoded<typeof doubt>;

export const field = /* @__PURE__ */ oneOf("number", "name", "surname", "given", "patronymic", "post", "organisation", "side", "site", "role", "seat", "count", "others", "email", "publication", "note");
export type Field = Decoded<typeof field>;

export const pieceShape = /* @__PURE__ */ record({
  start: number,
  end: number,
  field: field,
  confidence: oneOf("certain", "likely", "doubtful"),
});
export type PieceShape = Decoded<typeof pieceShape>;

export const likeness = /* @__PURE__ */ oneOf("same", "spelling", "initials");
export type Likeness = Decoded<typeof likeness>;

export const twinShape = /* @__PURE__ */ record({
  likeness: likeness,
  row: nullable(number),
  participation: nullable(string),
});
export type TwinShape = Decoded<typeof twinShape>;

export const readRowShape = /* @__PURE__ */ record({
  number: number,
  part: string,
  source: string,
  kind: rowKind,
  confidence: oneOf("certain", "likely", "doubtful"),
  doubts: list(doubt),
  pieces: list(pieceShape),
  name: nullable(nameFormsAnswer),
  post: nullable(dictionary(string)),
  organisation: nullable(dictionary(string)),
  side: nullable(string),
  site: nullable(string),
  role: participationRole,
  count: nullable(number),
  seat: nullable(string),
  email: nullable(string),
  note: nullable(string),
  has_others: boolean,
  allows_publication: boolean,
  twins: list(twinShape),
});
export type ReadRowShape = Decoded<typeof readRowShape>;

export const readingsAnswer = /* @__PURE__ */ record({
  rows: list(readRowShape),
});
export type ReadingsAnswer = Decoded<typeof readingsAnswer>;

export const numbering = /* @__PURE__ */ oneOf("all", "within_year");
export type Numbering = Decoded<typeof numbering>;

export const seriesShape = /* @__PURE__ */ record({
  id: nullable(string),
  version: number,
  body: string,
  name: text,
  numbering: numbering,
  first_ordinal: number,
});
export type SeriesShape = Decoded<typeof seriesShape>;

export const seriesAnswer = /* @__PURE__ */ record({
  series: list(seriesShape),
});
export type SeriesAnswer = Decoded<typeof seriesAnswer>;

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

export const templateShape = /* @__PURE__ */ record({
  id: string,
  name: text,
  title: text,
  cities: list(text),
  items: number,
});
export type TemplateShape = Decoded<typeof templateShape>;

export const templatesAnswer = /* @__PURE__ */ record({
  templates: list(templateShape),
});
export type TemplatesAnswer = Decoded<typeof templatesAnswer>;

export const openIdWay = /* @__PURE__ */ record({
  name: string,
  address: string,
});
export type OpenIdWay = Decoded<typeof openIdWay>;

export const waysAnswer = /* @__PURE__ */ record({
  openid: nullable(openIdWay),
});
export type WaysAnswer = Decoded<typeof waysAnswer>;
