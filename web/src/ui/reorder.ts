// The order of rows while one of them is being led to another place: taken, led, and put or given back. Knows no React and
// no screen; `useReorder` gives it keys and a pointer.

export interface Leading {
  readonly id: string;
  /** The order that the eye sees now. */
  readonly order: readonly string[];
  /** The order to return to. */
  readonly before: readonly string[];
}

export function moveTo<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const taken = list[from];
  if (taken === undefined) return list;
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(Math.min(Math.max(to, 0), rest.length), 0, taken);
}

export const take = (order: readonly string[], id: string): Leading => ({ id, order, before: order });

export function leadTo(leading: Leading, to: number): Leading {
  return { ...leading, order: moveTo(leading.order, leading.order.indexOf(leading.id), to) };
}

export const leadBy = (leading: Leading, steps: number): Leading => leadTo(leading, leading.order.indexOf(leading.id) + steps);

/** Between rows the pointer stands above the middle of the first one whose middle is below it. */
export function placeUnder(pointerY: number, middles: readonly number[]): number {
  return middles.filter((middle) => middle < pointerY).length;
}
