// Saving one entry of the directory from its dialog: once at a time, with the reason where it is refused.
import { useState } from "react";

import { ApiError } from "../../../api/client";
import { useCabinet } from "../cabinet";
import { useCabinetWords } from "../words";

export function useKeep(onDone: () => void): { readonly isBusy: boolean; readonly problem: string | null; readonly keep: (work: () => Promise<unknown>) => void } {
  const t = useCabinetWords();
  const { session } = useCabinet();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await session.run(work);
      onDone();
    } catch (error) {
      setBusy(false);
      const code = error instanceof ApiError ? error.code : "";
      setProblem(t(code === "changed_meanwhile" ? "keep.changed" : code === "forbidden" ? "keep.forbidden" : code === "fields_refused" || code === "invalid_request" ? "keep.refused" : "failed.unexpected"));
    }
  };
  return { isBusy, problem, keep: (work) => void run(work) };
}
