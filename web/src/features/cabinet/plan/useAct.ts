// One act on the meeting by a button: not twice at once, and with the reason where it is refused.
import { useState } from "react";

import { ApiError } from "../../../api/client";
import type { PlanAnswer } from "../../../api/shapes";
import { useCabinet } from "../cabinet";
import { planOf } from "./plan";
import { usePlan } from "./usePlan";

export function useAct(): { readonly isBusy: boolean; readonly refusal: ApiError | null; readonly act: (work: (version: number) => Promise<PlanAnswer>) => Promise<boolean> } {
  const { session } = useCabinet();
  const { draft } = usePlan();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  return {
    isBusy,
    refusal,
    act: async (work) => {
      if (isBusy) return false;
      setBusy(true);
      setRefusal(null);
      try {
        // An act stands on what is saved: what is still typed goes first.
        await draft.saveNow();
        draft.replaceWhole(planOf(await session.run(() => work(draft.snapshot().whole.version))));
        return true;
      } catch (error) {
        setRefusal(error instanceof ApiError ? error : new ApiError("internal_error", null, { cause: error }));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
