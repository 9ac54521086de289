// One meeting: its head, its six steps, and the step that is open. The draft lives as long as the card is open, whichever
// step is shown.
import { useCallback, useEffect, useMemo } from "react";

import { newerPlanIn } from "../../../api/cabinet";
import type { PlanAnswer } from "../../../api/shapes";
import type { CardPage } from "../address";
import { Awaited } from "../Awaited";
import { useAccount, useCabinet } from "../cabinet";
import { Draft } from "../drafts/draft";
import { useAnswer } from "../useAnswer";
import { AccessStep } from "./AccessStep";
import { AgreementStep } from "./AgreementStep";
import { HistoryPage } from "./HistoryPage";
import { LettersPage } from "./LettersPage";
import { planMemory } from "./memory";
import { bodyOf, planOf, type Plan, type PlanSteps } from "./plan";
import { PlanHead } from "./PlanHead";
import { ProgrammeStep } from "./ProgrammeStep";
import { RosterStep } from "./RosterStep";
import { SidesStep } from "./SidesStep";
import { SubstanceStep } from "./SubstanceStep";
import { RosterToolsContext, type RosterTools } from "./rosterTools";
import { PlanProvider, usePlan } from "./usePlan";

export function PlanPage({ number, card }: { number: number; card: CardPage }) {
  const { api } = useCabinet();
  const question = useCallback(() => api.readPlan(number), [api, number]);
  const answer = useAnswer(question);
  return (
    <Awaited answer={answer} again={answer.again} lines={8}>
      {(plan) => <OpenPlan key={plan.number} first={plan} card={card} />}
    </Awaited>
  );
}

function OpenPlan({ first, card }: { first: PlanAnswer; card: CardPage }) {
  const { api, session, nowMs } = useCabinet();
  const account = useAccount();
  const { number } = first;
  const draft = useMemo(
    () =>
      new Draft<PlanSteps, Plan>(planOf(first), {
        save: async (step, steps, version) => planOf(await session.run(() => api.saveStep(number, step, bodyOf(step, steps, version)))),
        read: async () => planOf(await session.run(() => api.readPlan(number))),
        newerIn: (refusal) => {
          const newer = newerPlanIn(refusal);
          return newer && { whole: planOf(newer.plan), by: newer.by, atMs: newer.atMs };
        },
        memory: planMemory(number, account.id),
        nowMs,
      }),
    // The first answer only begins the draft; what comes later reaches it by its own door.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [api, session, number, account.id],
  );
  const tools = useMemo<RosterTools>(
    () => ({
      spellName: (name, language) => session.run(() => api.spellName(name, language)),
      readRoster: (document) => session.run(() => api.readRoster(number, document)),
    }),
    [api, session, number],
  );
  useEffect(() => {
    const look = (): void => void (document.visibilityState === "visible" && draft.refresh());
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      draft.close();
    };
  }, [draft]);
  return (
    <PlanProvider draft={draft}>
      <RosterToolsContext value={tools}>
        <PlanHead card={card} />
        <Step card={card} />
      </RosterToolsContext>
    </PlanProvider>
  );
}

function Step({ card }: { card: CardPage }) {
  const { state } = usePlan();
  const account = useAccount();
  const isClosed = state.whole.answer.is_frozen || !account.can_plan;
  // These have acts of their own, judged one by one.
  if (card === "agreement" || card === "letters" || card === "history") return stepOf(card);
  // A disabled set of fields is read by everybody and changed by nobody.
  return <fieldset disabled={isClosed} style={{ all: "unset", display: "block" }}>{stepOf(card)}</fieldset>;
}

function stepOf(card: CardPage) {
  switch (card) {
    case "substance":
      return <SubstanceStep />;
    case "sides":
      return <SidesStep />;
    case "roster":
      return <RosterStep />;
    case "programme":
      return <ProgrammeStep />;
    case "access":
      return <AccessStep />;
    case "agreement":
      return <AgreementStep />;
    case "letters":
      return <LettersPage />;
    case "history":
      return <HistoryPage />;
  }
}
