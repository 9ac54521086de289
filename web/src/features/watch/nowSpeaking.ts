// The line beside the player that says who speaks, kept as the stage is. It is the server's own markup: this only writes
// into it, and a page without it goes without.
import type { Language, StageState } from "../../api/contract";
import { chooseText } from "../../i18n/LanguageContext";

export function showSpeaker(place: HTMLElement, stage: StageState, language: Language, heading: (city: string) => string): void {
  const { speaker } = stage;
  place.hidden = speaker === null;
  if (!speaker) return;
  place.dataset["side"] = speaker.side ?? "";
  const speaking = stage.cells.find((cell) => cell.is_speaking) ?? stage.cells.find((cell) => cell.role === speaker.side);
  const write = (selector: string, words: string): void => {
    const element = place.querySelector(selector);
    if (element && element.textContent !== words) element.textContent = words;
  };
  write("small", heading(speaking ? chooseText(speaking.city, language).words : ""));
  write("b", chooseText(speaker.name, language).words);
  write("span", chooseText(speaker.post, language).words);
}
