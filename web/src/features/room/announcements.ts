// What a reader of the screen is told aloud when the room changes. Pure: two states in, sentences out. Urgent ones interrupt:
// the link, and a microphone closed by somebody else. A change that the person made himself is never announced.
import type { StageState, Text } from "../../api/contract";
import type { RoomState } from "../../media/roomStore";
import type { RoomKey } from "./words";

export interface Announcement {
  readonly key: RoomKey;
  readonly values?: Readonly<Record<string, Text | string>>;
  readonly isUrgent: boolean;
}

export type Watched = Pick<RoomState, "step" | "link" | "people" | "live"> & { readonly isMicrophoneClosedByOthers: boolean };

const speakerOf = (state: Watched): StageState["speaker"] => state.live?.stage.speaker ?? null;
const wordsOf = (text: Text | undefined): string => JSON.stringify(text ?? null);

function aboutLink(before: Watched, after: Watched): readonly Announcement[] {
  if (before.step === "inside" && after.step === "returning") return [{ key: "link.returning", isUrgent: true }];
  if (before.step === "returning" && after.step === "inside") return [{ key: "link.restored", isUrgent: true }];
  if (before.step !== "inside" || after.step !== "inside" || before.link === after.link) return [];
  return [{ key: after.link === "restoring" ? "link.restoring" : "link.restored", isUrgent: true }];
}

export function announcementsBetween(before: Watched, after: Watched): readonly Announcement[] {
  const told = [...aboutLink(before, after)];
  if (before.step !== "inside" || after.step !== "inside") return told;
  if (after.isMicrophoneClosedByOthers && !before.isMicrophoneClosedByOthers) told.push({ key: "announce.microphoneClosedByOthers", isUrgent: true });

  const speaker = speakerOf(after);
  if (speaker && wordsOf(speaker.name) !== wordsOf(speakerOf(before)?.name)) {
    told.push({ key: "announce.titleNow", values: { name: speaker.name, post: speaker.post }, isUrgent: false });
  }
  const known = new Set(before.people.map(({ identity }) => identity));
  if (known.size > 0) {
    for (const person of after.people) {
      if (!known.has(person.identity)) told.push({ key: "announce.joined", values: { name: person.name }, isUrgent: false });
    }
  }
  return told;
}
