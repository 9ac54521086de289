// The hour of the server in a place's own zone. Digits only, so that no browser's knowledge of a language is needed
// (Chromium writes Belarusian dates in English).
import { useEffect, useState } from "react";

export const hourIn = (zone: string, timeMs: number): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(timeMs);

export function Clock({ zone, offsetMs, label }: { zone: string; offsetMs: number; label: string }) {
  const [nowMs, setNowMs] = useState(() => Date.now() + offsetMs);
  useEffect(() => {
    const tick = (): void => setNowMs(Date.now() + offsetMs);
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [offsetMs]);
  return (
    <time className="clock" title={label} dateTime={new Date(nowMs).toISOString().slice(0, 16)}>
      {hourIn(zone, nowMs)}
    </time>
  );
}
