// Keeps one event stream of a meeting open for as long as somebody watches it, and hands on what it says. The browser
// resumes a broken stream by itself; this opens a new one when the browser has given up or the stream has fallen silent
// (a half-open connection says nothing for ever). A broken event is dropped and counted: one bad event must not end the rest.
import { liveClock, livePhase, liveSnapshot, liveStage } from "../api/contract";
import type { Decoder } from "../api/decode";
import type { LiveEvent } from "./liveState";

/** The server speaks at least every 15 s; two missed clocks and a slow line fit below this. */
export const SILENCE_LIMIT_MS = 40_000;
export const REOPEN_AFTER_MS = 3_000;

const DECODERS: Record<LiveEvent["type"], Decoder<object>> = {
  snapshot: liveSnapshot,
  stage: liveStage,
  phase: livePhase,
  clock: liveClock,
};
const LIVE_EVENT_TYPES = Object.keys(DECODERS) as LiveEvent["type"][];

/** What an EventSource offers of itself here; tests give their own. */
export interface EventStream {
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
  readonly readyState: number;
}
const CLOSED = 2;

export interface LiveFeedOptions {
  readonly open: () => EventStream;
  readonly onEvent: (event: LiveEvent) => void;
  readonly onLink: (isUp: boolean) => void;
}

export class LiveFeed {
  private readonly options: LiveFeedOptions;
  private stream: EventStream | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isStopped = false;
  brokenEvents = 0;

  constructor(options: LiveFeedOptions) {
    this.options = options;
    this.open();
  }

  stop(): void {
    this.isStopped = true;
    this.close();
  }

  private open(): void {
    this.close();
    if (this.isStopped) return;
    const stream = this.options.open();
    this.stream = stream;
    for (const type of LIVE_EVENT_TYPES) {
      stream.addEventListener(type, (event) => {
        if (this.stream === stream) this.hear(type, event.data);
      });
    }
    stream.addEventListener("error", () => {
      if (this.stream !== stream) return;
      this.options.onLink(false);
      if (stream.readyState === CLOSED) this.reopenAfter(REOPEN_AFTER_MS);
    });
    this.reopenAfter(SILENCE_LIMIT_MS);
  }

  private hear(type: LiveEvent["type"], data: unknown): void {
    this.reopenAfter(SILENCE_LIMIT_MS);
    let event: LiveEvent;
    try {
      event = { type, ...DECODERS[type](JSON.parse(String(data))) } as LiveEvent;
    } catch {
      this.brokenEvents += 1;
      return;
    }
    this.options.onLink(true);
    this.options.onEvent(event);
  }

  private reopenAfter(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.options.onLink(false);
      this.open();
    }, delayMs);
  }

  private close(): void {
    clearTimeout(this.timer);
    this.stream?.close();
    this.stream = null;
  }
}
