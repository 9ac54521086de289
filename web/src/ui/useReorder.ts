// Rows that change places by the keyboard (Space takes, arrows lead, Enter or Space puts, Escape gives back) and by dragging
// the grip. Nothing changes before the row is put; what happens is said to readers of the screen.
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import { leadBy, leadTo, placeUnder, take, type Leading } from "./reorder";

export interface ReorderEvent {
  readonly kind: "taken" | "led" | "put" | "returned";
  readonly id: string;
  /** From one. */
  readonly position: number;
  readonly total: number;
}

interface ReorderOptions {
  readonly order: readonly string[];
  readonly onPut: (order: readonly string[]) => void;
  readonly say: (event: ReorderEvent) => void;
}

export function useReorder({ order, onPut, say }: ReorderOptions) {
  const [leading, setLeading] = useState<Leading | null>(null);
  const grips = useRef(new Map<string, HTMLElement>());
  const rows = useRef(new Map<string, HTMLElement>());
  const latest = useRef<Leading | null>(null);
  const [isByPointer, setByPointer] = useState(false);

  // A row that the DOM moves loses the focus, and with it the keys that lead it.
  useLayoutEffect(() => {
    latest.current = leading;
    if (leading && !isByPointer) grips.current.get(leading.id)?.focus();
  }, [leading, isByPointer]);

  const tell = (kind: ReorderEvent["kind"], now: Leading): void => say({ kind, id: now.id, position: now.order.indexOf(now.id) + 1, total: now.order.length });
  const lead = (next: Leading): void => {
    setLeading(next);
    tell("led", next);
  };
  const put = (now: Leading): void => {
    setLeading(null);
    if (now.order.some((id, index) => id !== now.before[index])) onPut(now.order);
    tell("put", now);
  };
  const giveBack = (now: Leading): void => {
    setLeading(null);
    tell("returned", { ...now, order: now.before });
  };

  const press = (id: string) => (event: KeyboardEvent): void => {
    const mine = leading?.id === id ? leading : null;
    if (!mine) {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      setByPointer(false);
      const taken = take(order, id);
      setLeading(taken);
      tell("taken", taken);
      return;
    }
    const act = {
      ArrowUp: () => lead(leadBy(mine, -1)),
      ArrowDown: () => lead(leadBy(mine, 1)),
      Home: () => lead(leadTo(mine, 0)),
      End: () => lead(leadTo(mine, mine.order.length)),
      Enter: () => put(mine),
      " ": () => put(mine),
      Escape: () => giveBack(mine),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  const grasp = (id: string) => (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
    setByPointer(true);
    setLeading(take(order, id));
  };
  const drag = (event: PointerEvent<HTMLElement>): void => {
    if (!leading || !isByPointer) return;
    const middles = leading.order
      .filter((id) => id !== leading.id)
      .map((id) => {
        const box = rows.current.get(id)?.getBoundingClientRect();
        return box ? (box.top + box.bottom) / 2 : Number.POSITIVE_INFINITY;
      });
    const place = placeUnder(event.clientY, middles);
    if (place !== leading.order.indexOf(leading.id)) setLeading(leadTo(leading, place));
  };

  useEffect(() => {
    if (!leading || !isByPointer) return undefined;
    const escape = (event: globalThis.KeyboardEvent): void => {
      if (event.key === "Escape") giveBack(leading);
    };
    document.addEventListener("keydown", escape);
    return () => document.removeEventListener("keydown", escape);
  });

  return {
    order: leading?.order ?? order,
    takenId: leading?.id ?? null,
    row: (id: string) => ({
      ref: (element: HTMLElement | null) => void (element ? rows.current.set(id, element) : rows.current.delete(id)),
      "data-taken": leading?.id === id || undefined,
    }),
    grip: (id: string) => ({
      ref: (element: HTMLElement | null) => void (element ? grips.current.set(id, element) : grips.current.delete(id)),
      "aria-pressed": leading?.id === id,
      onKeyDown: press(id),
      onPointerDown: grasp(id),
      onPointerMove: drag,
      onPointerUp: () => {
        if (leading && isByPointer) put(leading);
      },
      onPointerCancel: () => {
        if (leading && isByPointer) giveBack(leading);
      },
      onBlur: () => {
        if (!leading || isByPointer) return;
        // The focus went elsewhere: the row stays where it is seen. The DOM's own moves lead on before the next frame.
        requestAnimationFrame(() => {
          if (latest.current === leading && grips.current.get(leading.id) !== document.activeElement) put(leading);
        });
      },
    }),
  };
}
