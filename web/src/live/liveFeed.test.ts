import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { aStage } from "../testing/builders";
import { LiveFeed, REOPEN_AFTER_MS, SILENCE_LIMIT_MS, type EventStream } from "./liveFeed";
import { applyLiveEvent, type LiveEvent, type LiveState } from "./liveState";

class FakeStream implements EventStream {
  readyState = 1;
  isClosed = false;
  private readonly listeners = new Map<string, (event: { data?: unknown }) => void>();
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.listeners.set(type, listener);
  }
  close(): void {
    this.isClosed = true;
  }
  say(type: string, data: unknown): void {
    this.listeners.get(type)?.({ data: typeof data === "string" ? data : JSON.stringify(data) });
  }
  fail(readyState: number): void {
    this.readyState = readyState;
    this.listeners.get("error")?.({});
  }
}

function feed() {
  const streams: FakeStream[] = [];
  const events: LiveEvent[] = [];
  const links: boolean[] = [];
  const subject = new LiveFeed({
    open: () => {
      const stream = new FakeStream();
      streams.push(stream);
      return stream;
    },
    onEvent: (event) => events.push(event),
    onLink: (isUp) => links.push(isUp),
  });
  return { subject, streams, events, links };
}
const clock = { server_time: "2016-04-01T08:17:00Z" };

describe("the live feed", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("hands on an event with its times as milliseconds", () => {
    const { streams, events } = feed();
    streams[0]?.say("clock", clock);
    expect(events).toEqual([{ type: "clock", server_time: Date.parse("2016-04-01T08:17:00Z") }]);
  });

  test("a broken event is counted and the next one still arrives", () => {
    const { subject, streams, events } = feed();
    streams[0]?.say("stage", "{not json");
    streams[0]?.say("stage", { server_time: "2016-04-01T08:17:00Z", stage: { sequence: "one" } });
    streams[0]?.say("clock", clock);
    expect(subject.brokenEvents).toBe(2);
    expect(events).toHaveLength(1);
  });

  test("a silent stream is opened anew, one that speaks is not", () => {
    const { streams } = feed();
    vi.advanceTimersByTime(SILENCE_LIMIT_MS - 1);
    streams[0]?.say("clock", clock);
    vi.advanceTimersByTime(SILENCE_LIMIT_MS - 1);
    expect(streams).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(streams).toHaveLength(2);
    expect(streams[0]?.isClosed).toBe(true);
  });

  test("the browser's own resuming is left alone, its giving up is not", () => {
    const { streams, links } = feed();
    streams[0]?.fail(0);
    vi.advanceTimersByTime(REOPEN_AFTER_MS);
    expect(streams).toHaveLength(1);
    streams[0]?.fail(2);
    vi.advanceTimersByTime(REOPEN_AFTER_MS);
    expect(streams).toHaveLength(2);
    expect(links[0]).toBe(false);
  });

  test("after stop nothing is opened and nothing is heard", () => {
    const { subject, streams, events } = feed();
    subject.stop();
    streams[0]?.say("clock", clock);
    vi.advanceTimersByTime(SILENCE_LIMIT_MS * 2);
    expect(streams).toHaveLength(1);
    expect(events).toEqual([]);
  });
});

describe("the live state", () => {
  const known: LiveState = { phase: "on_air", onAirSinceMs: 1, stage: aStage({ sequence: 7 }), clockOffsetMs: 0 };

  test("a late stage changes nothing but the clock", () => {
    const next = applyLiveEvent(known, { type: "stage", server_time: 50, stage: aStage({ sequence: 7, layout: "holding" }) }, 20);
    expect(next).toEqual({ ...known, clockOffsetMs: 30 });
  });

  test("a newer stage replaces the one before", () => {
    const stage = aStage({ sequence: 8, layout: "speaker" });
    expect(applyLiveEvent(known, { type: "stage", server_time: 0, stage }, 0).stage).toBe(stage);
  });

  test("a snapshot replaces everything even when its numbers are smaller", () => {
    const stage = aStage({ sequence: 1, layout: "holding" });
    const next = applyLiveEvent(known, { type: "snapshot", server_time: 0, phase: "break", on_air_since: null, stage }, 0);
    expect(next).toEqual({ phase: "break", onAirSinceMs: null, stage, clockOffsetMs: 0 });
  });

  test("a change of phase keeps the stage", () => {
    const next = applyLiveEvent(known, { type: "phase", server_time: 0, phase: "closed", on_air_since: null }, 0);
    expect(next.phase).toBe("closed");
    expect(next.stage).toBe(known.stage);
  });
});
