// How long to wait before coming back to a server that is gone: soon at first, then every few seconds for as long as it takes,
// and spread, so that a hundred pages do not knock at a restarted server in the same instant.

const DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000] as const;

/** `random` lies between 0 and 1. */
export function returnDelayMs(attempt: number, random: number): number {
  const base = DELAYS_MS[Math.min(attempt, DELAYS_MS.length - 1)] ?? 0;
  return base * (0.75 + random / 2);
}
