// Which key does what. By the place of the key (`code`), because a Russian or Belarusian layout gives «ь» where M is.
// Pure: an event's facts in, an act or nothing out. Letters never act in a field, with a modifier, or when switched off (WCAG 2.1.4).

export type KeyAct = "microphone" | "camera" | "fullScreen" | "toControls" | "keys";

export interface PressedKey {
  readonly code: string;
  readonly key: string;
  readonly hasModifier: boolean;
  readonly isRepeat: boolean;
  readonly isInField: boolean;
}

const LETTERS: Readonly<Record<string, KeyAct>> = { KeyM: "microphone", KeyV: "camera", KeyF: "fullScreen" };

export const LISTED_KEYS: readonly { readonly act: KeyAct; readonly code: string; readonly cap: string; readonly isLetter: boolean }[] = [
  { act: "microphone", code: "KeyM", cap: "M", isLetter: true },
  { act: "camera", code: "KeyV", cap: "V", isLetter: true },
  { act: "fullScreen", code: "KeyF", cap: "F", isLetter: true },
  { act: "toControls", code: "F2", cap: "F2", isLetter: false },
  { act: "keys", code: "Slash", cap: "?", isLetter: false },
];

export function actOf(pressed: PressedKey, areLettersOn: boolean): KeyAct | null {
  if (pressed.hasModifier || pressed.isRepeat || pressed.isInField) return null;
  if (pressed.code === "F2") return "toControls";
  // The question mark lies elsewhere on nearly every layout, so here the sign counts and not the place.
  if (pressed.key === "?") return areLettersOn ? "keys" : null;
  return areLettersOn ? (LETTERS[pressed.code] ?? null) : null;
}

const FIELDS = new Set(["INPUT", "TEXTAREA", "SELECT"]);
export function pressedKey(event: KeyboardEvent): PressedKey {
  const target = event.target as HTMLElement | null;
  return {
    code: event.code,
    key: event.key,
    hasModifier: event.ctrlKey || event.altKey || event.metaKey,
    isRepeat: event.repeat,
    isInField: target !== null && (FIELDS.has(target.tagName) || target.isContentEditable),
  };
}
