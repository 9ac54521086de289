import { useEffect, useRef, useState } from "react";

import { judgeLevel, LoudestLately, meter, type LevelWord } from "../../media/level";
import type { RoomKey } from "./words";
import { useRoomWords } from "./words";

const LEVEL_WORDS: Record<LevelWord, RoomKey> = { silent: "devices.levelSilent", quiet: "devices.levelQuiet", good: "devices.levelGood", loud: "devices.levelLoud" };

/** Follows the microphone past React: sixty changes a second are one style property, the word changes rarely. */
export function LevelMeter({ track, onWord }: { track: MediaStreamTrack | null; onWord?: (word: LevelWord | null) => void }) {
  const t = useRoomWords();
  const bar = useRef<HTMLSpanElement>(null);
  const [word, setWord] = useState<LevelWord | null>(null);

  useEffect(() => {
    if (!track) return undefined;
    const lately = new LoudestLately();
    const stop = meter(track, (level) => {
      bar.current?.style.setProperty("--level", `${Math.round(level * 100)}%`);
      setWord(judgeLevel(lately.hear(level, performance.now())));
    });
    return () => {
      stop();
      setWord(null);
    };
  }, [track]);
  useEffect(() => onWord?.(word), [word, onWord]);

  return (
    <span
      ref={bar}
      className="meter"
      role="img"
      aria-label={`${t("devices.level")}: ${t(word ? LEVEL_WORDS[word] : "devices.closed")}`}
      data-state={track ? (word === "loud" ? "warn" : undefined) : "mute"}
    />
  );
}
