// From the media server's participants to the people of a meeting: who is worth showing, on which side, in what order.
// Pure: host side first, halls before persons, then by name, so that nobody's tile jumps when somebody speaks.
import type { Participant, TrackPublication } from "livekit-client";

import type { LineQuality, Person, RemotePicture } from "./connection";

const ATTRIBUTE = { kind: "veche.kind", side: "veche.side", post: "veche.post" } as const;
const LINES: Record<string, LineQuality> = { excellent: "good", good: "good", poor: "poor", lost: "lost" };

type Source = "camera" | "microphone" | "screen_share";
// The library's sources are these very strings; its enumeration is not imported, so that both copies of it can be read here.
const publicationOf = (participant: Participant, source: Source): TrackPublication | undefined =>
  [...participant.trackPublications.values()].find((publication) => (publication.source as string) === source);

function picture(publication: TrackPublication | undefined): RemotePicture | null {
  const media = publication?.track;
  return media ? { media, isMuted: publication.isMuted } : null;
}

export function personOf(participant: Participant): Person | null {
  const { attributes } = participant;
  const kind = attributes[ATTRIBUTE.kind] ?? "person";
  if (kind !== "hall" && kind !== "person") return null;
  const microphone = publicationOf(participant, "microphone");
  return {
    identity: participant.identity,
    name: participant.name?.trim() || participant.identity,
    post: attributes[ATTRIBUTE.post] ?? "",
    kind,
    side: attributes[ATTRIBUTE.side] ?? null,
    isLocal: participant.isLocal,
    isSpeaking: participant.isSpeaking,
    line: LINES[participant.connectionQuality] ?? "unknown",
    microphone: !microphone || microphone.isMuted ? "closed" : "open",
    camera: picture(publicationOf(participant, "camera")),
    screen: picture(publicationOf(participant, "screen_share")),
  };
}

export function inOrder(people: readonly Person[]): Person[] {
  const rank = (person: Person): string => `${person.side ?? "~"} ${person.kind === "hall" ? 0 : 1}`;
  return people.toSorted((a, b) => rank(a).localeCompare(rank(b)) || a.name.localeCompare(b.name, "ru") || a.identity.localeCompare(b.identity));
}
