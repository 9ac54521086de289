// The office of one side at its link: what the server says of the meeting, and the acts that change it. Each answer of the
// server is the whole of it, so the newest one is what is shown.
import { ApiError } from "../../api/client";
import { newerOfficeIn, type NewAcceptance, type NewRemark, type OfficeApi } from "../../api/office";
import type { OfficeAnswer, SideAgreementShape } from "../../api/shapes";
import { Observable } from "../../media/observable";
import { planOf, type Plan, type PlanSteps } from "../cabinet/plan/plan";

export interface OfficeState {
  readonly step: "opening" | "open" | "refused" | "unreachable";
  readonly answer: OfficeAnswer | null;
  /** Why the link opens nothing. */
  readonly refusal: ApiError | null;
}

/** What an act ended in: done, not done, or not done because the text is another one now. */
export type Outcome = "done" | "failed" | "changed";

export class Office extends Observable<OfficeState> {
  constructor(readonly api: OfficeApi) {
    super({ step: "opening", answer: null, refusal: null });
  }

  async open(): Promise<void> {
    this.change({ step: "opening", refusal: null });
    try {
      this.take(await this.api.read());
    } catch (error) {
      const refusal = error instanceof ApiError ? error : new ApiError("internal_error", null, { cause: error });
      this.change({ step: refusal.isPassing ? "unreachable" : "refused", refusal });
    }
  }

  /** What the server said is the whole meeting: it is shown, and given on. */
  readonly take = (answer: OfficeAnswer): OfficeAnswer => {
    this.change({ step: "open", answer });
    return answer;
  };

  readonly remark = (remark: NewRemark): Promise<Outcome> => this.act(() => this.api.remark(remark));
  readonly closeRemark = (id: string): Promise<Outcome> => this.act(() => this.api.closeRemark(id));
  readonly accept = (acceptance: NewAcceptance): Promise<Outcome> => this.act(() => this.api.accept(acceptance));

  private async act(work: () => Promise<OfficeAnswer>): Promise<Outcome> {
    try {
      this.take(await work());
      return "done";
    } catch (error) {
      const newer = error instanceof ApiError ? newerOfficeIn(error) : null;
      if (!newer) return "failed";
      this.take(newer.answer);
      return "changed";
    }
  }
}

const UNTOLD = { organisation: null, announced_at: null, corrections: [], cancellation: null, findings: [], steps: [], next_phases: [] };

/** The plan as the parts of the cabinet read it: what an office is not told is absent, and of the roster its own lines are there. */
export const planOfOffice = (answer: OfficeAnswer): Plan =>
  planOf({ ...answer, roster: answer.roster.filter(({ side }) => side === answer.side), ...UNTOLD });

export function agreementOf({ agreement, side }: OfficeAnswer): SideAgreementShape {
  const own = agreement.sides.find((one) => one.side === side);
  if (!own) throw new Error("an office of a side that is not in the meeting");
  return own;
}

/** With everybody's lines, to read and to call changed rows by their names. */
export const wholePlanOf = (answer: OfficeAnswer): PlanSteps => planOf({ ...answer, ...UNTOLD }).steps;

/** Phases in which an office may still say something. */
export const canAnswer = ({ phase, agreement }: OfficeAnswer): boolean => agreement.asked_at !== null && (phase === "draft" || phase === "agreed" || phase === "announced");
