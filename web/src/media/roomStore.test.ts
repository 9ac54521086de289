import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { ApiError } from "../api/client";
import type { Joined } from "../api/contract";
import type { LiveEvent } from "../live/liveState";
import { aJoined, anInvited, aStage } from "../testing/builders";
import { FakeCapture, fakeServer, type FakeConnection } from "../testing/fakes";
import { ConnectError } from "./connection";
import { DeviceDesk } from "./deviceDesk";
import { returnDelayMs } from "./returnDelay";
import { RoomStore, type Remembered } from "./roomStore";

const START_MS = Date.parse("2016-04-01T08:17:00Z");

function room(remembered: Partial<Remembered> = {}) {
  const capture = new FakeCapture();
  const server = fakeServer();
  const joins: (Joined | Error)[] = [];
  let memory: Remembered = { isInside: false, isCameraOpen: true, isMicrophoneOpen: true, ...remembered };
  let hear: (event: LiveEvent) => void = () => undefined;
  let joinCount = 0;
  const store = new RoomStore({
    join: () => {
      joinCount += 1;
      const answer = joins.shift() ?? aJoined({ media: { url: "wss://veche.example", token: `token-${joinCount}`, expires_at: Date.now() + 600_000 } });
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    connect: server.connect,
    desk: new DeviceDesk(capture),
    openLive: (_path, onEvent) => {
      hear = onEvent;
      return { stop: () => undefined };
    },
    memory: { load: () => memory, save: (next) => (memory = next) },
    nowMs: () => Date.now(),
    random: () => 0.5,
  });
  const connection = (): FakeConnection => {
    const last = server.connections.at(-1);
    if (!last) throw new Error("nobody connected");
    return last;
  };
  return { store, capture, server, joins, connection, hear: (event: LiveEvent) => hear(event), memory: () => memory, joinCount: () => joinCount };
}

async function inside() {
  const parts = room();
  await parts.store.open();
  await parts.store.enter();
  return parts;
}

describe("the way into a meeting", () => {
  beforeEach(() => void vi.useFakeTimers({ now: START_MS }));
  afterEach(() => void vi.useRealTimers());

  test("a good link leads to the check of devices and then inside, with what is open published", async () => {
    const { store, connection } = room();
    await store.open();
    expect(store.snapshot().step).toBe("checking");
    await store.enter();
    expect(store.snapshot().step).toBe("inside");
    expect(connection().publishedKinds.sort()).toEqual(["camera", "microphone"]);
  });

  test.each(["invitation_unknown", "invitation_revoked", "invitation_expired", "meeting_closed"])("a link refused with %s says so and is not asked again", async (code) => {
    const { store, joins } = room();
    joins.push(new ApiError(code, 410));
    await store.open();
    expect(store.snapshot()).toMatchObject({ step: "refused", refusal: { code, isPassing: false } });
  });

  test("a server that cannot be reached is a refusal that may pass", async () => {
    const { store, joins } = room();
    joins.push(new ApiError("unreachable", null));
    await store.open();
    expect(store.snapshot().refusal?.isPassing).toBe(true);
    await store.open();
    expect(store.snapshot().step).toBe("checking");
  });

  test("nobody without a right to publish is asked for a camera", async () => {
    const { store, capture, joins } = room();
    joins.push(aJoined({ participant: anInvited({ can_publish: [] }) }));
    await store.open();
    expect(capture.tracks).toEqual([]);
  });

  test("one who has no microphone may come in and listen", async () => {
    const { store, capture, connection } = room();
    capture.failures.set("microphone", "absent").set("camera", "denied");
    await store.open();
    await store.enter();
    expect(store.snapshot().step).toBe("inside");
    expect(connection().publishedKinds).toEqual([]);
  });

  test("a full room leaves the person at the check with the reason, and the next try asks for a fresh token only when it is due", async () => {
    const { store, server, joinCount } = room();
    await store.open();
    server.failWith(new ConnectError("full"));
    await store.enter();
    expect(store.snapshot()).toMatchObject({ step: "checking", enterFailure: "full" });
    server.failWith(null);
    await store.enter();
    expect(joinCount()).toBe(1);
    expect(store.snapshot().step).toBe("inside");
  });

  test("a token that grew old during the check is renewed before it is used", async () => {
    const { store, connection } = room();
    await store.open();
    vi.setSystemTime(START_MS + 9.5 * 60_000);
    await store.enter();
    expect(connection().access.token).toBe("token-2");
  });

  test("a reload goes straight back inside with the microphone as it was", async () => {
    const { store, connection } = room({ isInside: true, isMicrophoneOpen: false });
    await store.open();
    expect(store.snapshot().step).toBe("inside");
    expect(connection().publishedKinds).toEqual(["camera"]);
  });
});

describe("inside a meeting", () => {
  beforeEach(() => void vi.useFakeTimers({ now: START_MS }));
  afterEach(() => void vi.useRealTimers());

  test("a microphone opened for the first time is published then", async () => {
    const { store, connection } = room({ isMicrophoneOpen: false });
    await store.open();
    await store.enter();
    expect(connection().publishedKinds).toEqual(["camera"]);
    await store.desk.setOpen("microphone", true);
    expect(connection().publishedKinds).toEqual(["camera", "microphone"]);
  });

  test("closing and opening a camera never publishes it twice", async () => {
    const { store, connection } = await inside();
    await store.desk.setOpen("camera", false);
    await store.desk.setOpen("camera", true);
    expect(connection().publishedKinds.filter((kind) => kind === "camera")).toHaveLength(1);
  });

  test("a camera that broke is taken back and its successor is published", async () => {
    const { store, capture, connection } = await inside();
    const broken = capture.last("camera");
    broken.happens("lost");
    expect(connection().unpublished).toEqual([broken]);
    await store.desk.start("camera");
    expect(connection().publishedKinds.filter((kind) => kind === "camera")).toHaveLength(2);
  });

  test.each(["removed", "duplicate", "closed"] as const)("one who was %s is told so, not brought back, and holds no camera", async (reason) => {
    const { store, capture, connection, memory } = await inside();
    connection().listener.ended(reason);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.snapshot()).toMatchObject({ step: "ended", end: reason });
    expect(capture.last("camera").isStopped).toBe(true);
    expect(memory().isInside).toBe(false);
  });

  test("after a lost server everybody is back by himself with a new token and the same devices", async () => {
    const { store, server, capture, joins, connection } = await inside();
    const devicesOpened = capture.tracks.length;
    joins.push(new ApiError("unreachable", null), new ApiError("unavailable", 503));
    connection().listener.ended("lost");
    expect(store.snapshot().step).toBe("returning");
    await vi.advanceTimersByTimeAsync(500 + 1_000 + 2_000);
    expect(store.snapshot().step).toBe("inside");
    expect(connection().access.token).not.toBe("token-1");
    expect(server.connections).toHaveLength(2);
    expect(capture.tracks).toHaveLength(devicesOpened);
    expect(connection().publishedKinds.sort()).toEqual(["camera", "microphone"]);
  });

  test("a link withdrawn while the server was away ends the attempts", async () => {
    const { store, joins, connection } = await inside();
    joins.push(new ApiError("invitation_revoked", 410));
    connection().listener.ended("lost");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.snapshot()).toMatchObject({ step: "refused", refusal: { code: "invitation_revoked" } });
  });

  test("one who leaves while coming back stays out", async () => {
    const { store, server, connection } = await inside();
    connection().listener.ended("lost");
    await store.leave();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.snapshot()).toMatchObject({ step: "ended", end: "left" });
    expect(server.connections).toHaveLength(1);
  });

  test("what an old connection says later is heard by nobody", async () => {
    const { store, connection } = await inside();
    const old = connection();
    old.listener.ended("lost");
    await vi.advanceTimersByTimeAsync(1_000);
    old.listener.ended("removed");
    expect(store.snapshot().step).toBe("inside");
  });

  test("a short break of the line keeps the person inside", async () => {
    const { store, connection } = await inside();
    connection().listener.linkChanged("restoring");
    expect(store.snapshot()).toMatchObject({ step: "inside", link: "restoring" });
    connection().listener.linkChanged("steady");
    expect(store.snapshot().link).toBe("steady");
  });

  test("the chosen speaker is used in every connection", async () => {
    const { store, connection } = await inside();
    await store.useSpeaker("headphones");
    connection().listener.ended("lost");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(connection().speakerId).toBe("headphones");
  });

  test("a page that is closed remembers that it was inside, one that left does not", async () => {
    const closed = await inside();
    await closed.store.close();
    expect(closed.memory()).toEqual({ isInside: true, isCameraOpen: true, isMicrophoneOpen: true });
    const left = await inside();
    await left.store.leave();
    expect(left.memory().isInside).toBe(false);
  });

  test("the stage follows the event stream", async () => {
    const { store, hear } = await inside();
    hear({ type: "stage", server_time: START_MS, stage: aStage({ sequence: 2, layout: "speaker" }) });
    expect(store.snapshot().live?.stage.layout).toBe("speaker");
  });
});

describe("the delay before coming back", () => {
  test("grows to a limit and is spread by a quarter to both sides", () => {
    expect(returnDelayMs(0, 0.5)).toBe(500);
    expect(returnDelayMs(99, 0)).toBe(6_000);
    expect(returnDelayMs(99, 1)).toBe(10_000);
  });
});
