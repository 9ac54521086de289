// The spectator's way through a broadcast as a state machine without React: nothing is asked of the media server until the
// reader presses play; the meeting's phase opens and closes the picture; a lost stream is come back to without being asked.
//
//   off ◄──── phase leaves the air ──── (any)
//    │ on the air
//    ▼        play            connected          lost
//   ready ──────────► connecting ──────► watching ────► restoring ─► connecting …
//    ▲  stop / no place      │
//    └── failed ◄────────────┘
import { ApiError } from "../api/client";
import type { MediaAccess, Watched } from "../api/contract";
import { applyLiveEvent, type LiveEvent, type LiveState } from "../live/liveState";
import { ConnectError, type ConnectionListener, type EndReason, type Person } from "./connection";
import type { Listening } from "./listenConnection";
import { Observable } from "./observable";
import { returnDelayMs } from "./returnDelay";

export type WatchFailure = "full" | "unavailable" | "unsupported";

export interface WatchState {
  readonly mode: "off" | "ready" | "connecting" | "watching" | "restoring" | "failed";
  readonly failure: WatchFailure | null;
  readonly live: LiveState;
  readonly people: readonly Person[];
  readonly isSilent: boolean;
}

export interface WatchParts {
  readonly watch: () => Promise<Watched>;
  readonly listen: (access: MediaAccess, listener: ConnectionListener) => Promise<Listening>;
  readonly nowMs: () => number;
  readonly random: () => number;
}

export class WatchStore extends Observable<WatchState> {
  private listening: Listening | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  /** Raised by each start and stop, so that an answer to an older one finds nobody. */
  private generation = 0;
  /** The reader pressed play and did not stop: after a break the picture comes back by itself. */
  private isWanted = false;

  constructor(private readonly parts: WatchParts, live: LiveState) {
    super({ mode: live.phase === "on_air" ? "ready" : "off", failure: null, live, people: [], isSilent: false });
  }

  heard(event: LiveEvent): void {
    const { live, mode } = this.snapshot();
    const next = applyLiveEvent(live, event, this.parts.nowMs());
    this.change({ live: next });
    if (next.phase !== "on_air" && mode !== "off") this.settle("off");
    else if (next.phase === "on_air" && mode === "off") this.backOnAir();
  }

  async play(): Promise<void> {
    this.isWanted = true;
    this.attempt = 0;
    await this.start();
  }

  stop(): void {
    this.isWanted = false;
    this.settle(this.snapshot().live.phase === "on_air" ? "ready" : "off");
  }

  setSilent(isSilent: boolean): void {
    this.change({ isSilent });
    this.listening?.setVolume(isSilent ? 0 : 1);
  }

  private backOnAir(): void {
    this.change({ mode: "ready" });
    if (this.isWanted) void this.start();
  }

  private async start(): Promise<void> {
    clearTimeout(this.timer);
    const generation = ++this.generation;
    this.change({ mode: "connecting", failure: null });
    try {
      const { media } = await this.parts.watch();
      if (generation !== this.generation) return;
      const listening = await this.parts.listen(media, this.listenerFor(generation));
      if (generation !== this.generation) return void listening.stop();
      this.listening = listening;
      this.attempt = 0;
      listening.setVolume(this.snapshot().isSilent ? 0 : 1);
      this.change({ mode: "watching" });
      await listening.startSound();
    } catch (error) {
      if (generation === this.generation) this.notStarted(error);
    }
  }

  private notStarted(error: unknown): void {
    if (error instanceof ApiError && error.code === "not_on_air") this.settle("off");
    else if (error instanceof ConnectError && error.failure === "unsupported") this.fail("unsupported");
    else if (error instanceof ConnectError && error.failure === "full") this.fail("full");
    else if (this.attempt > 0) this.tryLater();
    else this.fail("unavailable");
  }

  private fail(failure: WatchFailure): void {
    this.settle("failed");
    this.change({ failure });
  }

  private listenerFor(generation: number): ConnectionListener {
    const current = (act: () => void): void => {
      if (generation === this.generation) act();
    };
    return {
      peopleChanged: (people) => current(() => this.change({ people })),
      linkChanged: (link) => current(() => this.change({ mode: link === "steady" ? "watching" : "restoring" })),
      soundBlocked: () => undefined,
      screenShared: () => undefined,
      ended: (reason) => current(() => this.ended(reason)),
    };
  }

  private ended(reason: EndReason): void {
    this.listening = null;
    this.change({ people: [] });
    if (reason === "removed") this.fail("unavailable");
    else this.tryLater();
  }

  private tryLater(): void {
    const delayMs = returnDelayMs(this.attempt, this.parts.random());
    this.attempt += 1;
    this.generation += 1;
    this.change({ mode: "restoring" });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.startQuietly(), delayMs);
  }

  /** Like a start, but the reader keeps reading that the link is being restored. */
  private async startQuietly(): Promise<void> {
    const started = this.start();
    if (this.snapshot().mode === "connecting") this.change({ mode: "restoring" });
    await started;
  }

  /** Nothing runs any more, and the picture stands in this mode. */
  private settle(mode: "off" | "ready" | "failed"): void {
    this.generation += 1;
    clearTimeout(this.timer);
    const { listening } = this;
    this.listening = null;
    this.change({ mode, people: [] });
    void listening?.stop();
  }
}
