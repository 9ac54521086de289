// What the event stream has said so far, as one value. Pure: events in, state out. A stage with a smaller sequence number
// is late and changes nothing; a snapshot replaces all that was known, also when its numbers are smaller (a server that
// was restored from a backup counts from where the backup was).
import type { Decoded } from "../api/decode";
import type { Phase, StageState, liveClock, livePhase, liveSnapshot, liveStage } from "../api/contract";

export interface LiveState {
  readonly phase: Phase;
  readonly onAirSinceMs: number | null;
  readonly stage: StageState;
  /** What to add to this machine's clock to get the server's. */
  readonly clockOffsetMs: number;
}

export type LiveEvent =
  | ({ readonly type: "snapshot" } & Decoded<typeof liveSnapshot>)
  | ({ readonly type: "stage" } & Decoded<typeof liveStage>)
  | ({ readonly type: "phase" } & Decoded<typeof livePhase>)
  | ({ readonly type: "clock" } & Decoded<typeof liveClock>);

export function applyLiveEvent(state: LiveState, event: LiveEvent, nowMs: number): LiveState {
  const clockOffsetMs = event.server_time - nowMs;
  switch (event.type) {
    case "snapshot":
      return { phase: event.phase, onAirSinceMs: event.on_air_since, stage: event.stage, clockOffsetMs };
    case "stage":
      if (event.stage.sequence <= state.stage.sequence) return { ...state, clockOffsetMs };
      return { ...state, stage: event.stage, clockOffsetMs };
    case "phase":
      return { ...state, phase: event.phase, onAirSinceMs: event.on_air_since, clockOffsetMs };
    case "clock":
      return { ...state, clockOffsetMs };
  }
}
