// What the room needs of the media server, in the words of a meeting. `livekitConnection` is the real thing; the state machine
// and the screens know only this.
import type { MediaAccess } from "../api/contract";
import type { CapturedTrack } from "./capture";

/** What an element can show; the same object as long as it is the same track. */
export interface ShownMedia {
  attach(element: HTMLMediaElement): unknown;
  detach(element: HTMLMediaElement): unknown;
}

export interface RemotePicture {
  readonly media: ShownMedia;
  readonly isMuted: boolean;
}

export type LineQuality = "good" | "poor" | "lost" | "unknown";

export interface Person {
  readonly identity: string;
  readonly name: string;
  readonly kind: "hall" | "person";
  /** In the language of the meeting; empty for a hall. */
  readonly post: string;
  /** Id of the side, as in the meeting; `null` when the server did not say. */
  readonly side: string | null;
  readonly isLocal: boolean;
  readonly isSpeaking: boolean;
  readonly line: LineQuality;
  readonly microphone: "open" | "closed";
  readonly camera: RemotePicture | null;
  readonly screen: RemotePicture | null;
}

/** Why a connection is over. Only `lost` is worth coming back from. */
export type EndReason = "left" | "removed" | "duplicate" | "closed" | "lost";

/** refused: the token or the place; full: no place left; unreachable: no answer or no way for media; unsupported: no WebRTC here. */
export type ConnectFailure = "refused" | "full" | "unreachable" | "unsupported";

export class ConnectError extends Error {
  override readonly name = "ConnectError";
  constructor(readonly failure: ConnectFailure, options?: ErrorOptions) {
    super(`no connection: ${failure}`, options);
  }
}

export interface ConnectionListener {
  peopleChanged(people: readonly Person[]): void;
  linkChanged(link: "steady" | "restoring"): void;
  /** The browser plays no sound until the person has touched the page. */
  soundBlocked(isBlocked: boolean): void;
  screenShared(isShared: boolean): void;
  ended(reason: EndReason): void;
}

export interface Connection {
  publish(track: CapturedTrack): Promise<void>;
  unpublish(track: CapturedTrack): Promise<void>;
  /** Ends without an error when the person closes the browser's dialog. */
  shareScreen(isShared: boolean): Promise<void>;
  useSpeaker(deviceId: string): Promise<void>;
  startSound(): Promise<void>;
  disconnect(): Promise<void>;
}

export type Connect = (access: MediaAccess, listener: ConnectionListener) => Promise<Connection>;
