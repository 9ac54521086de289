// What floats beside its button: closes by Escape (the focus goes back to the button), by a press elsewhere and when the
// focus goes elsewhere.
import { useCallback, useEffect, useState, type RefObject } from "react";

interface Popover {
  readonly isOpen: boolean;
  readonly open: () => void;
  readonly close: () => void;
}

/** `place` is around the button and what floats; `opener` is the button. */
export function usePopover(place: RefObject<HTMLElement | null>, opener: RefObject<HTMLButtonElement | null>): Popover {
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => {
    setOpen(false);
    opener.current?.focus();
  }, [opener]);
  useEffect(() => {
    if (!isOpen) return undefined;
    const leave = (event: Event): void => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) setOpen(false);
    };
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      close();
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    document.addEventListener("keydown", escape, true);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
      document.removeEventListener("keydown", escape, true);
    };
  }, [isOpen, close, place]);
  return { isOpen, open: useCallback(() => setOpen(true), []), close };
}
