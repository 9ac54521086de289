import { describe, expect, test } from "vitest";

import { aCell, aJoined, aPerson, aStage, anInvited, KURSK, MINSK } from "../../testing/builders";
import { aPicture } from "../../testing/fakes";
import { nameOfPerson, offStage, pictureOf, sharedScreen, zoneOf } from "./places";

describe("pictures of the stage", () => {
  const camera = aPicture();

  test("are shown, closed or absent as their owners are", () => {
    const at = (person: Parameters<typeof aPerson>[0]) => pictureOf(aCell(), [aPerson({ identity: MINSK, ...person })]).state;
    expect(at({ camera })).toBe("shown");
    expect(at({ camera: aPicture({ isMuted: true }) })).toBe("closed");
    expect(at({ camera: null })).toBe("absent");
    expect(at({ camera, line: "lost" })).toBe("absent");
    expect(pictureOf(aCell(), []).state).toBe("absent");
  });

  test("of a place that nobody has yet are idle", () => {
    expect(pictureOf(aCell({ identity: null }), []).state).toBe("idle");
  });

  test("of slides are the screen and not the camera", () => {
    const screen = aPicture();
    const picture = pictureOf(aCell({ source: "screen_share" }), [aPerson({ identity: MINSK, camera, screen })]);
    expect(picture).toEqual({ state: "shown", media: screen.media });
  });
});

describe("people beside the stage", () => {
  const people = [aPerson({ identity: MINSK }), aPerson({ identity: KURSK }), aPerson({ identity: "me", isLocal: true }), aPerson({ identity: "guest" })];

  test("are all whose camera is not on it, and oneself always", () => {
    expect(offStage(people, aStage()).map(({ identity }) => identity)).toEqual(["me", "guest"]);
    expect(offStage(people, aStage({ cells: [aCell({ identity: "me" })] })).map(({ identity }) => identity)).toContain("me");
    expect(offStage(people, aStage({ cells: [aCell({ source: "screen_share" })] }))).toHaveLength(4);
  });

  test("show their screen unless it is on the stage already or is one's own", () => {
    const sharing = aPerson({ identity: "guest", screen: aPicture() });
    expect(sharedScreen([sharing], aStage())?.by).toBe(sharing);
    expect(sharedScreen([sharing], aStage({ cells: [aCell({ source: "screen_share", identity: "guest" })] }))).toBeNull();
    expect(sharedScreen([{ ...sharing, isLocal: true }], aStage())).toBeNull();
  });

  test("are named in the reader's language where the meeting knows it", () => {
    expect(nameOfPerson(aPerson({ identity: MINSK }), aJoined(), "be")).toBe("Мінск");
    expect(nameOfPerson(aPerson({ identity: "guest", name: "Гость" }), aJoined(), "en")).toBe("Гость");
    expect(nameOfPerson(aPerson({ isLocal: true }), aJoined(), "en")).toBe("Olga Vetrova");
  });

  test("of a group without a name are named by their post", () => {
    expect(nameOfPerson(aPerson({ isLocal: true }), aJoined({ participant: anInvited({ name: {}, post: { ru: "ветераны" } }) }), "ru")).toBe("ветераны");
  });
});

test("the clock shows the hour of the participant's side", () => {
  expect(zoneOf(aJoined())).toBe("Europe/Minsk");
  expect(zoneOf(aJoined({ participant: anInvited({ side: "side-2" }) }))).toBe("Europe/Moscow");
});
