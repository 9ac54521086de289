import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { ApiError } from "../api/client";
import type { Phase, Watched } from "../api/contract";
import type { LiveEvent } from "../live/liveState";
import { aMeeting, aStage } from "../testing/builders";
import { ConnectError, type ConnectionListener } from "./connection";
import { WatchStore } from "./watchStore";

const watched: Watched = { meeting: aMeeting(), media: { url: "wss://veche.example", token: "t", expires_at: 0 }, stage: aStage(), live: "" };
const phaseEvent = (phase: Phase): LiveEvent => ({ type: "phase", server_time: 0, phase, on_air_since: null });

function player(phase: Phase = "on_air") {
  const answers: Error[] = [];
  const asked = { places: 0, connections: [] as { listener: ConnectionListener; isStopped: boolean; volume: number }[] };
  let connectFailure: Error | null = null;
  const store = new WatchStore(
    {
      watch: () => {
        asked.places += 1;
        const refusal = answers.shift();
        return refusal ? Promise.reject(refusal) : Promise.resolve(watched);
      },
      listen: (_access, listener) => {
        if (connectFailure) return Promise.reject(connectFailure);
        const connection = { listener, isStopped: false, volume: 1 };
        asked.connections.push(connection);
        return Promise.resolve({
          startSound: () => Promise.resolve(),
          stop: () => {
            connection.isStopped = true;
            return Promise.resolve();
          },
          setVolume: (volume: number) => (connection.volume = volume),
        });
      },
      nowMs: () => 0,
      random: () => 0.5,
    },
    { phase, onAirSinceMs: null, stage: aStage(), clockOffsetMs: 0 },
  );
  return { store, asked, answers, failConnecting: (error: Error | null) => (connectFailure = error), last: () => asked.connections.at(-1) };
}

describe("the spectator's player", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("asks the media server for nothing until play is pressed", async () => {
    const { store, asked } = player();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.snapshot().mode).toBe("ready");
    expect(asked.places).toBe(0);
    await store.play();
    expect(store.snapshot().mode).toBe("watching");
  });

  test("leaves the media server in a break and is back by itself for one who was watching", async () => {
    const { store, asked, last } = player();
    await store.play();
    store.heard(phaseEvent("break"));
    expect(store.snapshot().mode).toBe("off");
    expect(last()?.isStopped).toBe(true);
    store.heard(phaseEvent("on_air"));
    await vi.advanceTimersByTimeAsync(0);
    expect(store.snapshot().mode).toBe("watching");
    expect(asked.connections).toHaveLength(2);
  });

  test("after a break stays still for one who had stopped", async () => {
    const { store, asked } = player();
    await store.play();
    store.stop();
    store.heard(phaseEvent("break"));
    store.heard(phaseEvent("on_air"));
    await vi.advanceTimersByTimeAsync(0);
    expect(store.snapshot().mode).toBe("ready");
    expect(asked.connections).toHaveLength(1);
  });

  test("a lost stream is come back to while the words say so", async () => {
    const { store, answers, last } = player();
    await store.play();
    answers.push(new ApiError("unreachable", null));
    last()?.listener.ended("lost");
    expect(store.snapshot().mode).toBe("restoring");
    await vi.advanceTimersByTimeAsync(500);
    expect(store.snapshot().mode).toBe("restoring");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.snapshot().mode).toBe("watching");
  });

  test.each([
    ["full", "full"],
    ["unsupported", "unsupported"],
    ["unreachable", "unavailable"],
  ] as const)("a connection that is %s is said to be %s and may be tried again", async (failure, words) => {
    const { store, failConnecting } = player();
    failConnecting(new ConnectError(failure));
    await store.play();
    expect(store.snapshot()).toMatchObject({ mode: "failed", failure: words });
    failConnecting(null);
    await store.play();
    expect(store.snapshot()).toMatchObject({ mode: "watching", failure: null });
  });

  test("a meeting that went off the air between the page and the click shows its card", async () => {
    const { store, answers } = player();
    answers.push(new ApiError("not_on_air", 409));
    await store.play();
    expect(store.snapshot().mode).toBe("off");
  });

  test("one who stops while connecting is not connected a moment later", async () => {
    const { store, last } = player();
    const playing = store.play();
    store.stop();
    await playing;
    expect(store.snapshot().mode).toBe("ready");
    expect(last()?.isStopped ?? true).toBe(true);
  });

  test("silence lasts over a reconnection", async () => {
    const { store, last } = player();
    await store.play();
    store.setSilent(true);
    last()?.listener.ended("lost");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(last()?.volume).toBe(0);
  });
});
