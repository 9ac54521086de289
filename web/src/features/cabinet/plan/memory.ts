// What this browser keeps of meetings until the server has it. Storage may be refused or full; then only a closed page
// loses what was not sent, and everything else works.
import type { Kept } from "../drafts/draft";
import type { PlanSteps } from "./plan";

const KEY = "veche.plan";

export function planMemory(number: number, accountId: string) {
  // Another person at the same machine must not send what the first one typed.
  const key = `${KEY}.${accountId}.${number}`;
  return {
    load: (): Kept<PlanSteps> | null => {
      try {
        return JSON.parse(localStorage.getItem(key) ?? "null") as Kept<PlanSteps> | null;
      } catch {
        return null;
      }
    },
    keep: (kept: Kept<PlanSteps> | null): void => {
      try {
        if (kept) localStorage.setItem(key, JSON.stringify(kept));
        else localStorage.removeItem(key);
      } catch {
        return;
      }
    },
  };
}
