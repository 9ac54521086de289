// The participant's connection to the media server, through the unmodified client of LiveKit.
import * as livekit from "livekit-client";
import { Track, type Room, type RoomOptions } from "livekit-client";

import { BrowserTrack } from "./browserCapture";
import type { CapturedTrack, DeviceKind } from "./capture";
import type { Connect, Connection } from "./connection";
import { connectRoom } from "./livekitRoom";

/** A microphone in a room, not a mixer's line: mono, 48 kbit/s, and no pauses in the stream, whose edges a hall would hear. */
const OPTIONS: RoomOptions = {
  dynacast: true,
  // Devices belong to the desk: they outlive a connection, so that coming back needs no new permission.
  stopLocalTrackOnUnpublish: false,
  publishDefaults: { simulcast: true, videoCodec: "vp8", audioPreset: { maxBitrate: 48_000 }, dtx: false, red: true },
};

const SOURCE: Record<DeviceKind, Track.Source> = { camera: Track.Source.Camera, microphone: Track.Source.Microphone };

/** 15 pictures a second and sharp letters: a shared screen is slides far more often than a film. */
const SCREEN = { audio: true, contentHint: "detail", resolution: { width: 1920, height: 1080, frameRate: 15 } } as const;

function isDialogClosed(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");
}

class LivekitConnection implements Connection {
  constructor(private readonly room: Room) {}

  async publish(track: CapturedTrack): Promise<void> {
    if (track instanceof BrowserTrack) await this.room.localParticipant.publishTrack(track.local, { source: SOURCE[track.kind] });
  }

  async unpublish(track: CapturedTrack): Promise<void> {
    if (track instanceof BrowserTrack) await this.room.localParticipant.unpublishTrack(track.local);
  }

  async shareScreen(isShared: boolean): Promise<void> {
    try {
      await this.room.localParticipant.setScreenShareEnabled(isShared, SCREEN);
    } catch (error) {
      if (!isDialogClosed(error)) throw error;
    }
  }

  async useSpeaker(deviceId: string): Promise<void> {
    await this.room.switchActiveDevice("audiooutput", deviceId);
  }

  async startSound(): Promise<void> {
    await this.room.startAudio();
  }

  async disconnect(): Promise<void> {
    await this.room.disconnect(false);
  }
}

export const connect: Connect = async (access, listener) => new LivekitConnection(await connectRoom(livekit, access, OPTIONS, listener));
