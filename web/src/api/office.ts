// What the office of a side asks of the server. It signs in nowhere: its link is shown with every question, in a header that
// no server writes down.
import type { SpelledName } from "./cabinet";
import { ask, type ApiError, type Question } from "./client";
import { instant, record, string } from "./decode";
import { nameFormsAnswer, officeAnswer, type Language, type NameFormsAnswer, type OfficeAnswer, type ParticipationShape } from "./shapes";

const OFFICE = "/api/v1/office";

export interface NewRemark {
  readonly by: string;
  readonly words: string;
  /** A field or a row of the plan: `agenda[veterans]`; null: all of it. */
  readonly about: string | null;
}

export interface NewAcceptance {
  readonly by: string;
  readonly note: string | null;
  /** Of the text that was read. */
  readonly mark: string;
}

export function officeApi(secret: string) {
  const shown = (question: Question): Question => ({ ...question, headers: { ...question.headers, Authorization: `Link ${secret}` } });
  const once = (body: object): Question => shown({ method: "POST", body, headers: { "Idempotency-Key": crypto.getRandomValues(new BigUint64Array(2)).join("-") } });
  return {
    read: (): Promise<OfficeAnswer> => ask(OFFICE, officeAnswer, shown({})),
    saveDelegation: (version: number, roster: readonly ParticipationShape[]): Promise<OfficeAnswer> => ask(`${OFFICE}/delegation`, officeAnswer, shown({ method: "PUT", body: { version, roster } })),
    remark: (remark: NewRemark): Promise<OfficeAnswer> => ask(`${OFFICE}/remarks`, officeAnswer, once(remark)),
    closeRemark: (remark: string): Promise<OfficeAnswer> => ask(`${OFFICE}/remarks/${remark}/closing`, officeAnswer, once({})),
    accept: (acceptance: NewAcceptance): Promise<OfficeAnswer> => ask(`${OFFICE}/acceptance`, officeAnswer, once(acceptance)),
    spellName: (name: SpelledName, language: Language): Promise<NameFormsAnswer> => ask("/api/v1/names/forms", nameFormsAnswer, once({ name, language })),
  };
}
export type OfficeApi = ReturnType<typeof officeApi>;

const changedMeanwhile = record({ current: officeAnswer, changed_by: string, changed_at: instant });
/** What somebody else saved meanwhile, out of a refusal. */
export function newerOfficeIn(refusal: ApiError): { readonly answer: OfficeAnswer; readonly by: string; readonly atMs: number } | null {
  if (refusal.code !== "changed_meanwhile") return null;
  const { current, changed_by, changed_at } = changedMeanwhile(refusal.body);
  return { answer: current, by: changed_by, atMs: changed_at };
}
