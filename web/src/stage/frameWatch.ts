// Whether a picture has frozen. Pure: told the number of frames shown, answers whether a face has stood still for too long.
// Time counts only while the picture could be seen: the browser and the server stop frames of a hidden picture on purpose.
import { LOST_AFTER_MS } from "./geometry";

export class FrameWatch {
  private frames = -1;
  private sinceMs: number | null = null;

  isFrozen(frames: number, canBeSeen: boolean, nowMs: number): boolean {
    if (!canBeSeen || frames !== this.frames || this.sinceMs === null) {
      this.frames = frames;
      this.sinceMs = nowMs;
      return false;
    }
    return nowMs - this.sinceMs >= LOST_AFTER_MS;
  }
}
