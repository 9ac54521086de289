// What the cabinet asks of the server, one function for each act.
import { ask, tell, type ApiError, type Question } from "./client";
import type { Text } from "./contract";
import { instant, list, record, string } from "./decode";
import {
  agreementAnswer, historyAnswer, invitationsAnswer, linkAnswer, meetingList, nameFormsAnswer, ownAccountAnswer, planAnswer, readingsAnswer, seriesAnswer, staffShape, templateShape, templatesAnswer, waysAnswer,
  type AgreementAnswer, type HistoryAnswer, type InvitationsAnswer, type Language, type LinkAnswer, type MeetingList, type MeetingRole, type NameFormsAnswer, type OwnAccountAnswer, type PlanAnswer,
  type ReadingsAnswer, type SeriesAnswer, type StaffShape, type TemplateShape, type TemplatesAnswer, type WaysAnswer,
} from "./shapes";

const API = "/api/v1";

export const GROUPS = ["preparing", "documents", "published", "cancelled"] as const;
export type Group = (typeof GROUPS)[number];
export type SavedStep = "substance" | "sides" | "roster" | "programme" | "access";

export interface NewSchedule {
  readonly version: number;
  readonly day: string;
  readonly starts: string;
  readonly ends: string | null;
  readonly words: Text;
}

/** What a new meeting is made of: nothing, an earlier one, a template, or the next number of a series. */
export interface Pattern {
  readonly title: Text | null;
  readonly copy_of?: number;
  readonly template?: string;
  readonly series?: string;
}

export interface SpelledName {
  readonly surname: string;
  readonly given: string;
  readonly patronymic: string;
}

/** A long list of a slow machine; the server ends a reading by itself after ten seconds. */
const READING_TIMEOUT_MS = 30_000;

const post = (body: object = {}): Question => ({ method: "POST", body, headers: { "Idempotency-Key": crypto.getRandomValues(new BigUint64Array(2)).join("-") } });

export const cabinetApi = {
  readAccount: (): Promise<OwnAccountAnswer> => ask(`${API}/session`, ownAccountAnswer),
  signIn: (login: string, password: string): Promise<OwnAccountAnswer> => ask(`${API}/session`, ownAccountAnswer, { method: "POST", body: { login, password } }),
  readWays: (): Promise<WaysAnswer> => ask(`${API}/session/ways`, waysAnswer),
  signOut: (): Promise<void> => tell(`${API}/session`, { method: "DELETE" }),

  readMeetings: (group: Group, wanted: string, after: string | null): Promise<MeetingList> => {
    const query = new URLSearchParams({ group, ...(wanted && { q: wanted }), ...(after && { after }) });
    return ask(`${API}/meetings?${query.toString()}`, meetingList);
  },
  readPlan: (number: number): Promise<PlanAnswer> => ask(`${API}/meetings/${number}`, planAnswer),
  saveStep: (number: number, step: SavedStep, body: object): Promise<PlanAnswer> => ask(`${API}/meetings/${number}/${step}`, planAnswer, { method: "PUT", body }),
  reschedule: (number: number, schedule: NewSchedule): Promise<PlanAnswer> => ask(`${API}/meetings/${number}/schedule`, planAnswer, { method: "PUT", body: schedule }),
  announce: (number: number): Promise<PlanAnswer> => ask(`${API}/meetings/${number}/announcement`, planAnswer, post()),
  takeBack: (number: number): Promise<PlanAnswer> => ask(`${API}/meetings/${number}/draft`, planAnswer, post()),
  cancel: (number: number, reason: Text): Promise<PlanAnswer> => ask(`${API}/meetings/${number}/cancellation`, planAnswer, post({ reason })),

  begin: (pattern: Pattern): Promise<PlanAnswer> => ask(`${API}/meetings`, planAnswer, post(pattern)),
  readTemplates: (): Promise<TemplatesAnswer> => ask(`${API}/templates`, templatesAnswer),
  addTemplate: (meeting: number, name: Text): Promise<TemplateShape> => ask(`${API}/templates`, templateShape, post({ number: meeting, name })),
  removeTemplate: (id: string): Promise<void> => tell(`${API}/templates/${id}`, { method: "DELETE" }),
  readSeries: (): Promise<SeriesAnswer> => ask(`${API}/directory/series`, seriesAnswer),
  readHistory: (number: number, before: number | null): Promise<HistoryAnswer> => ask(`${API}/meetings/${number}/history${before === null ? "" : `?before=${before}`}`, historyAnswer),
  takeStepBack: (number: number, step: string, version: number, since: number): Promise<PlanAnswer> => ask(`${API}/meetings/${number}/undo`, planAnswer, post({ step, version, since })),

  readAgreement: (number: number): Promise<AgreementAnswer> => ask(`${API}/meetings/${number}/agreement`, agreementAnswer),
  askAgreement: (number: number): Promise<AgreementAnswer> => ask(`${API}/meetings/${number}/agreement`, agreementAnswer, post()),
  makeOfficeLink: (number: number, side: string): Promise<LinkAnswer> => ask(`${API}/meetings/${number}/agreement/${side}/link`, linkAnswer, post()),
  recordAcceptance: (number: number, side: string, acceptance: { readonly by: string; readonly note: string; readonly mark: string }): Promise<AgreementAnswer> =>
    ask(`${API}/meetings/${number}/agreement/${side}/acceptance`, agreementAnswer, post(acceptance)),
  replyToRemark: (number: number, remark: string, words: string): Promise<AgreementAnswer> => ask(`${API}/meetings/${number}/agreement/remarks/${remark}/reply`, agreementAnswer, post({ words })),
  closeRemark: (number: number, remark: string): Promise<AgreementAnswer> => ask(`${API}/meetings/${number}/agreement/remarks/${remark}/closing`, agreementAnswer, post()),

  readRoster: (number: number, document: Blob): Promise<ReadingsAnswer> => ask(`${API}/meetings/${number}/roster/readings`, readingsAnswer, { method: "POST", file: document, timeoutMs: READING_TIMEOUT_MS }),
  spellName: (name: SpelledName, language: Language): Promise<NameFormsAnswer> => ask(`${API}/names/forms`, nameFormsAnswer, post({ name, language })),

  readInvitations: (number: number): Promise<InvitationsAnswer> => ask(`${API}/meetings/${number}/invitations`, invitationsAnswer),
  invite: (number: number, recipients: readonly object[]): Promise<InvitationsAnswer> => ask(`${API}/meetings/${number}/invitations`, invitationsAnswer, post({ recipients })),
  remind: (number: number, recipients: readonly object[]): Promise<InvitationsAnswer> => ask(`${API}/meetings/${number}/invitations/reminders`, invitationsAnswer, post({ recipients })),
  withdrawInvitation: (number: number, recipients: readonly object[]): Promise<InvitationsAnswer> => ask(`${API}/meetings/${number}/invitations/withdrawals`, invitationsAnswer, post({ recipients })),

  readStaff: (number: number): Promise<readonly StaffShape[]> => ask(`${API}/meetings/${number}/staff`, list(staffShape)),
  assignStaff: (number: number, login: string, role: MeetingRole): Promise<StaffShape> => ask(`${API}/meetings/${number}/staff`, staffShape, post({ login, role })),
  withdrawStaff: (number: number, account: string, role: MeetingRole): Promise<void> => tell(`${API}/meetings/${number}/staff/${account}/${role}`, { method: "DELETE" }),
};
export type CabinetApi = typeof cabinetApi;

const changedMeanwhile = record({ current: planAnswer, changed_by: string, changed_at: instant });
/** What somebody else saved meanwhile, out of the refusal of a save. */
export function newerPlanIn(refusal: ApiError): { readonly plan: PlanAnswer; readonly by: string; readonly atMs: number } | null {
  if (refusal.code !== "changed_meanwhile") return null;
  const { current, changed_by, changed_at } = changedMeanwhile(refusal.body);
  return { plan: current, by: changed_by, atMs: changed_at };
}
