// One LiveKit room turned into the events of our connection. Takes the library as a value, because the spectator's page uses
// a copy of it that cannot capture (build/listenOnly.ts). Owns the elements that play sound: they are in no component,
// so no change of the screen can interrupt a voice.
import type * as livekitClient from "livekit-client";
import type { Participant, RemoteTrack, Room, RoomOptions } from "livekit-client";

import type { MediaAccess } from "../api/contract";
import { ConnectError, type ConnectionListener, type EndReason, type Person } from "./connection";
import { inOrder, personOf } from "./people";

export type LiveKit = Omit<typeof livekitClient, "ByteStreamReader" | "TextStreamReader" | "TextStreamWriter" | "ByteStreamWriter">;

function endReason({ DisconnectReason }: LiveKit, reason: number | undefined): EndReason {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return "left";
    case DisconnectReason.DUPLICATE_IDENTITY:
      return "duplicate";
    case DisconnectReason.PARTICIPANT_REMOVED:
      return "removed";
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return "closed";
    case undefined:
    default:
      return "lost";
  }
}

/** The server says that a room is full in words only, with the status of any refused place. */
const FULL = /\bfull\b/i;

function connectError({ ConnectionError, ConnectionErrorReason, UnsupportedServer, DeviceUnsupportedError }: LiveKit, error: unknown): ConnectError {
  if (error instanceof UnsupportedServer || error instanceof DeviceUnsupportedError) return new ConnectError("unsupported", { cause: error });
  if (error instanceof ConnectionError) {
    if (FULL.test(error.message)) return new ConnectError("full", { cause: error });
    if (error.reason === ConnectionErrorReason.NotAllowed) return new ConnectError("refused", { cause: error });
  }
  return new ConnectError("unreachable", { cause: error });
}

/** The page itself hangs up when it goes away. The client would do so earlier, and a reload would look like leaving. */
const OWN_ENDING = { disconnectOnPageLeave: false } as const;

function playSound(track: RemoteTrack, elements: Map<RemoteTrack, HTMLMediaElement>): void {
  const element = track.attach();
  element.hidden = true;
  document.body.append(element);
  elements.set(track, element);
}

function stopSound(track: RemoteTrack, elements: Map<RemoteTrack, HTMLMediaElement>): void {
  track.detach();
  elements.get(track)?.remove();
  elements.delete(track);
}

/** Tells the listener of everything that happens in the room until it is over. Changes of one task are told once. */
function follow(livekit: LiveKit, room: Room, listener: ConnectionListener): void {
  const { RoomEvent, Track } = livekit;
  const sounds = new Map<RemoteTrack, HTMLMediaElement>();
  let isToldSoon = false;
  let isOver = false;

  const tellPeople = (): void => {
    if (isToldSoon) return;
    isToldSoon = true;
    queueMicrotask(() => {
      isToldSoon = false;
      if (isOver) return;
      const participants: Participant[] = [room.localParticipant, ...room.remoteParticipants.values()];
      listener.peopleChanged(inOrder(participants.map(personOf).filter((person): person is Person => person !== null)));
    });
  };
  const tellScreen = (): void => listener.screenShared(room.localParticipant.isScreenShareEnabled);

  for (const event of [
    RoomEvent.Connected,
    RoomEvent.ParticipantConnected,
    RoomEvent.ParticipantDisconnected,
    RoomEvent.ParticipantNameChanged,
    RoomEvent.ParticipantAttributesChanged,
    RoomEvent.TrackPublished,
    RoomEvent.TrackUnpublished,
    RoomEvent.TrackMuted,
    RoomEvent.TrackUnmuted,
    RoomEvent.LocalTrackPublished,
    RoomEvent.LocalTrackUnpublished,
    RoomEvent.ActiveSpeakersChanged,
    RoomEvent.ConnectionQualityChanged,
    RoomEvent.Reconnected,
  ] as const) {
    room.on(event, tellPeople);
  }
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (track.kind === Track.Kind.Audio) playSound(track, sounds);
    tellPeople();
  });
  room.on(RoomEvent.TrackUnsubscribed, (track) => {
    if (track.kind === Track.Kind.Audio) stopSound(track, sounds);
    tellPeople();
  });
  room.on(RoomEvent.LocalTrackPublished, tellScreen);
  room.on(RoomEvent.LocalTrackUnpublished, tellScreen);
  room.on(RoomEvent.SignalReconnecting, () => listener.linkChanged("restoring"));
  room.on(RoomEvent.Reconnecting, () => listener.linkChanged("restoring"));
  room.on(RoomEvent.Reconnected, () => listener.linkChanged("steady"));
  room.on(RoomEvent.AudioPlaybackStatusChanged, () => listener.soundBlocked(!room.canPlaybackAudio));
  room.on(RoomEvent.Disconnected, (reason) => {
    isOver = true;
    for (const track of [...sounds.keys()]) stopSound(track, sounds);
    listener.ended(endReason(livekit, reason));
  });
}

export async function connectRoom(livekit: LiveKit, access: MediaAccess, options: RoomOptions, listener: ConnectionListener): Promise<Room> {
  livekit.setLogLevel("warn");
  if (!livekit.isBrowserSupported()) throw new ConnectError("unsupported");
  const room = new livekit.Room({ adaptiveStream: true, ...OWN_ENDING, ...options });
  let isInside = false;
  follow(livekit, room, {
    ...listener,
    // Until the promise is kept its rejection is the only answer.
    ended: (reason) => {
      if (isInside) listener.ended(reason);
    },
  });
  try {
    await room.connect(access.url, access.token);
  } catch (error) {
    await room.disconnect();
    throw connectError(livekit, error);
  }
  isInside = true;
  listener.soundBlocked(!room.canPlaybackAudio);
  return room;
}
