// Who is shown where in the room. Pure: the meeting, the people and the stage in; places, names and pictures out.
import type { Joined, Language, StageCell, StageState } from "../../api/contract";
import { chooseText } from "../../i18n/LanguageContext";
import type { Person, ShownMedia } from "../../media/connection";
import type { CellPicture } from "../../stage/Stage";

/** The picture of a cell of the stage; one whose line is lost is absent, though its last frame is still there. */
export function pictureOf(cell: StageCell, people: readonly Person[]): CellPicture {
  if (cell.identity === null) return { state: "idle" };
  const person = people.find(({ identity }) => identity === cell.identity);
  if (!person || person.line === "lost") return { state: "absent" };
  const picture = cell.source === "camera" ? person.camera : person.screen;
  if (picture && !picture.isMuted) return { state: "shown", media: picture.media };
  return { state: picture ? "closed" : "absent" };
}

/** Everybody whose camera is not on the stage, and always the participant himself. */
export function offStage(people: readonly Person[], stage: StageState): readonly Person[] {
  const onStage = new Set(stage.cells.filter(({ source }) => source === "camera").map(({ identity }) => identity));
  return people.filter((person) => person.isLocal || !onStage.has(person.identity));
}

/** Somebody's screen that the stage does not show already. */
export function sharedScreen(people: readonly Person[], stage: StageState): { readonly by: Person; readonly media: ShownMedia } | null {
  const onStage = new Set(stage.cells.filter(({ source }) => source === "screen_share").map(({ identity }) => identity));
  for (const by of people) {
    if (by.screen && !by.screen.isMuted && !by.isLocal && !onStage.has(by.identity)) return { by, media: by.screen.media };
  }
  return null;
}

/** Halls and the participant himself are named in the reader's language, others as they are in the room. */
export function nameOfPerson(person: Person, { meeting, participant }: Joined, language: Language): string {
  if (person.isLocal) return chooseText(participant.name, language).words || chooseText(participant.post, language).words;
  const site = meeting.sides.flatMap(({ sites }) => sites).find(({ identity }) => identity === person.identity);
  return site ? chooseText(site.city, language).words : person.name;
}

/** The clock shows the hour where the participant's side sits. */
export function zoneOf({ meeting, participant }: Joined): string {
  const sites = meeting.sides.find((side) => side.id === participant.side)?.sites ?? [];
  return (sites.find((site) => site.id === participant.site) ?? sites[0] ?? meeting.sides[0]?.sites[0])?.zone ?? "UTC";
}
