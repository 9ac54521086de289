import { useEffect, useEffectEvent, useState } from "react";

import { actOf, pressedKey, type KeyAct } from "./keys";

const LETTERS_KEY = "veche.letters";

/** Whether single letters act; the person's own choice, kept in this browser. */
export function useLetters(): readonly [boolean, (areOn: boolean) => void] {
  const [areOn, setOn] = useState(() => {
    try {
      return localStorage.getItem(LETTERS_KEY) !== "off";
    } catch {
      return true;
    }
  });
  return [
    areOn,
    (next) => {
      setOn(next);
      try {
        localStorage.setItem(LETTERS_KEY, next ? "on" : "off");
      } catch {
        return; // The choice then lives as long as the page.
      }
    },
  ];
}

export function useKeys(areLettersOn: boolean, onAct: (act: KeyAct) => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (document.querySelector("dialog[open]")) return;
    const act = actOf(pressedKey(event), areLettersOn);
    if (!act) return;
    event.preventDefault();
    onAct(act);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => press(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
