// The phase of a meeting as a lamp: shape, colour and word.
import type { Phase } from "../../api/shapes";
import type { LampState } from "../../ui/parts";

export const PHASE_LAMPS: Record<Phase, LampState> = {
  draft: "wait",
  agreed: "ok",
  announced: "ok",
  sound_check: "ok",
  assembly: "ok",
  on_air: "air",
  break: "warn",
  closed: "wait",
  minutes: "wait",
  published: "ok",
  cancelled: "off",
  discarded: "off",
};

const HIDDEN: readonly Phase[] = ["draft", "agreed", "discarded"];
/** Whether there is a page that anybody can open. */
export const isPublic = (phase: Phase): boolean => !HIDDEN.includes(phase);
