// How loud a microphone is, and what to say about it. The judgement is pure; the meter reads a track with the browser's
// analyser. The zone lies between two measurements: speech at arm's length into a laptop peaks near -27 dBFS with gain
// control on, and peaks above -6 dBFS are about to be cut.

const FLOOR_DB = -60;
export type LevelWord = "silent" | "quiet" | "good" | "loud";

/** Peak of a wave (0 to 1) as a share of the meter (0 to 1), linear in decibels. */
export function levelOf(peak: number): number {
  if (peak <= 0) return 0;
  return Math.min(1, Math.max(0, 1 - (20 * Math.log10(peak)) / FLOOR_DB));
}

const QUIET_FROM = 0.25;
const GOOD_FROM = 0.55;
const LOUD_FROM = 0.9;

/** The word for the loudest of the last seconds: speech has pauses, and a word that flickers helps nobody. */
export function judgeLevel(loudestLevel: number): LevelWord {
  if (loudestLevel >= LOUD_FROM) return "loud";
  if (loudestLevel >= GOOD_FROM) return "good";
  return loudestLevel >= QUIET_FROM ? "quiet" : "silent";
}

const MEMORY_MS = 3_000;

/** The loudest level of the last seconds. */
export class LoudestLately {
  private heard: { level: number; atMs: number }[] = [];
  hear(level: number, nowMs: number): number {
    this.heard = this.heard.filter(({ level: older, atMs }) => older > level && nowMs - atMs < MEMORY_MS);
    this.heard.push({ level, atMs: nowMs });
    return this.heard[0]?.level ?? 0;
  }
}

/** Calls back with the level on every frame of the screen until stopped. */
export function meter(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const wave = new Float32Array(analyser.fftSize);
  let frame = 0;
  const look = (): void => {
    analyser.getFloatTimeDomainData(wave);
    onLevel(levelOf(wave.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)));
    frame = requestAnimationFrame(look);
  };
  look();
  return () => {
    cancelAnimationFrame(frame);
    void context.close();
  };
}
