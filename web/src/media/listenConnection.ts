// The spectator's connection: sees and hears, and is made of a library that cannot capture. Loaded when the reader presses play.
import * as livekit from "livekit-client/listen";

import type { MediaAccess } from "../api/contract";
import type { ConnectionListener } from "./connection";
import { connectRoom } from "./livekitRoom";

export interface Listening {
  startSound(): Promise<void>;
  stop(): Promise<void>;
  setVolume(volume: number): void;
}

export async function listen(access: MediaAccess, listener: ConnectionListener): Promise<Listening> {
  const room = await connectRoom(livekit, access, {}, listener);
  let volume = 1;
  const applyVolume = (): void => room.remoteParticipants.forEach((participant) => participant.setVolume(volume));
  room.on(livekit.RoomEvent.TrackSubscribed, applyVolume);
  return {
    startSound: () => room.startAudio(),
    stop: () => room.disconnect(),
    setVolume(next) {
      volume = next;
      applyVolume();
    },
  };
}
