// What the cabinet asks of the server, one function for each act.
import { ask, tell, type ApiError, type Question } from "./client";
import type { Text } from "./contract";
import { instant, list, record, string } from "./decode";
import { meetingList, ownAccountAnswer, planAnswer, staffShape, type MeetingList, type MeetingRole, type OwnAccountAnswer, type PlanAnswer, type StaffShape } from "./shapes";

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

const post = (body: object = {}): Question => ({ method: "POST", body, headers: { "Idempotency-Key": crypto.getRandomValues(new BigUint64Array(2)).join("-") } });

export const cabinetApi = {
  readAccount: (): Promise<OwnAccountAnswer> => ask(`${API}/session`, ownAccountAnswer),
  signIn: (login: string, password: string): Promise<OwnAccountAnswer> => ask(`${API}/session`, ownAccountAnswer, { method: "POST", body: { login, password } }),
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
