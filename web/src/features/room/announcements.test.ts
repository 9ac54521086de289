import { describe, expect, test } from "vitest";

import { aPerson, aStage } from "../../testing/builders";
import { announcementsBetween, type Watched } from "./announcements";

const person = (identity: string) => aPerson({ identity, name: identity });
const live = (sequence: number, name: string | null): Watched["live"] => ({
  phase: "on_air",
  onAirSinceMs: null,
  clockOffsetMs: 0,
  stage: aStage({ sequence, speaker: name === null ? null : { name: { ru: name }, post: { ru: "министр" }, side: null } }),
});
const state = (change: Partial<Watched> = {}): Watched => ({ step: "inside", link: "steady", people: [person("hall-minsk")], live: live(1, "Попков"), isMicrophoneClosedByOthers: false, ...change });
const keys = (before: Watched, after: Watched) => announcementsBetween(before, after).map(({ key }) => key);

describe("what is told aloud", () => {
  test("a new speaker, quietly", () => {
    const [told] = announcementsBetween(state(), state({ live: live(2, "Криволапов") }));
    expect(told).toMatchObject({ key: "announce.titleNow", isUrgent: false });
  });

  test("nothing, when the same title is sent again or goes away", () => {
    expect(keys(state(), state({ live: live(2, "Попков") }))).toEqual([]);
    expect(keys(state(), state({ live: live(2, null) }))).toEqual([]);
  });

  test("one who joins, but not all who were there on arrival", () => {
    expect(keys(state(), state({ people: [person("hall-minsk"), person("hall-kursk")] }))).toEqual(["announce.joined"]);
    expect(keys(state({ people: [] }), state())).toEqual([]);
    expect(keys(state({ step: "entering", people: [] }), state())).toEqual([]);
  });

  test("the link, urgently, when it breaks and when it is back", () => {
    expect(announcementsBetween(state(), state({ link: "restoring" }))).toEqual([{ key: "link.restoring", isUrgent: true }]);
    expect(keys(state({ link: "restoring" }), state())).toEqual(["link.restored"]);
    expect(keys(state(), state({ step: "returning" }))).toEqual(["link.returning"]);
    expect(keys(state({ step: "returning" }), state())).toEqual(["link.restored"]);
  });

  test("a microphone closed by somebody else, once", () => {
    const closed = state({ isMicrophoneClosedByOthers: true });
    expect(announcementsBetween(state(), closed)).toEqual([{ key: "announce.microphoneClosedByOthers", isUrgent: true }]);
    expect(keys(closed, closed)).toEqual([]);
  });
});
