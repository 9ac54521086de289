// Stand-ins for the browser's devices and for the media server, for tests and for the gallery of screens.
import type { MediaAccess } from "../api/contract";
import type { Capture, CapturedTrack, CaptureFailure, DeviceChoice, DeviceKind } from "../media/capture";
import { CaptureError } from "../media/capture";
import type { Connect, Connection, ConnectionListener, RemotePicture } from "../media/connection";

export class FakeTrack implements CapturedTrack {
  isOpen = true;
  isStopped = false;
  readonly height: number | null;
  readonly mediaTrack = {} as MediaStreamTrack;
  private listener: (change: "opened" | "closed" | "lost") => void = () => undefined;
  failure: CaptureFailure | null = null;

  constructor(readonly kind: DeviceKind, public deviceId: string | null) {
    this.height = kind === "camera" ? 720 : null;
  }
  setOpen(isOpen: boolean): Promise<void> {
    if (this.failure) return Promise.reject(new CaptureError(this.failure));
    this.isOpen = isOpen;
    return Promise.resolve();
  }
  useDevice(deviceId: string): Promise<void> {
    if (this.failure) return Promise.reject(new CaptureError(this.failure));
    this.deviceId = deviceId;
    return Promise.resolve();
  }
  attach(): void {}
  detach(): void {}
  onChange(listener: (change: "opened" | "closed" | "lost") => void): void {
    this.listener = listener;
  }
  happens(change: "opened" | "closed" | "lost"): void {
    if (change !== "lost") this.isOpen = change === "opened";
    this.listener(change);
  }
  stop(): void {
    this.isStopped = true;
  }
}

export class FakeCapture implements Capture {
  readonly failures = new Map<DeviceKind, CaptureFailure>();
  readonly missingIds = new Set<string>();
  readonly tracks: FakeTrack[] = [];
  readonly asked: (string | null)[] = [];
  gate: Promise<void> = Promise.resolve();
  devices: readonly DeviceChoice[] = [{ id: "usb", label: "Камера USB" }];
  private listener: () => void = () => undefined;

  async open(kind: DeviceKind, deviceId: string | null): Promise<CapturedTrack> {
    this.asked.push(deviceId);
    await this.gate;
    const failure = this.failures.get(kind) ?? (deviceId !== null && this.missingIds.has(deviceId) ? "absent" : undefined);
    if (failure) throw new CaptureError(failure);
    const track = new FakeTrack(kind, deviceId ?? "usb");
    this.tracks.push(track);
    return track;
  }
  choices(): Promise<readonly DeviceChoice[]> {
    return Promise.resolve(this.devices);
  }
  onDevicesChange(listener: () => void): () => void {
    this.listener = listener;
    return () => (this.listener = () => undefined);
  }
  plugged(): void {
    this.listener();
  }
  last(kind: DeviceKind): FakeTrack {
    const track = this.tracks.findLast((one) => one.kind === kind);
    if (!track) throw new Error(`no ${kind} was opened`);
    return track;
  }
}

export class FakeConnection implements Connection {
  readonly publishedKinds: DeviceKind[] = [];
  readonly unpublished: CapturedTrack[] = [];
  isConnected = true;
  isScreenShared = false;
  speakerId: string | null = null;
  constructor(readonly access: MediaAccess, readonly listener: ConnectionListener) {}
  publish(track: CapturedTrack): Promise<void> {
    this.publishedKinds.push(track.kind);
    return Promise.resolve();
  }
  unpublish(track: CapturedTrack): Promise<void> {
    this.unpublished.push(track);
    return Promise.resolve();
  }
  shareScreen(isShared: boolean): Promise<void> {
    this.isScreenShared = isShared;
    this.listener.screenShared(isShared);
    return Promise.resolve();
  }
  useSpeaker(deviceId: string): Promise<void> {
    this.speakerId = deviceId;
    return Promise.resolve();
  }
  startSound(): Promise<void> {
    this.listener.soundBlocked(false);
    return Promise.resolve();
  }
  disconnect(): Promise<void> {
    this.isConnected = false;
    return Promise.resolve();
  }
}

/** A media server that accepts, or throws what it is told to. */
export function fakeServer(): { connect: Connect; connections: FakeConnection[]; failWith(error: Error | null): void } {
  const connections: FakeConnection[] = [];
  let failure: Error | null = null;
  return {
    connections,
    failWith: (error) => (failure = error),
    connect: (access, listener) => {
      if (failure) return Promise.reject(failure);
      const connection = new FakeConnection(access, listener);
      connections.push(connection);
      return Promise.resolve(connection);
    },
  };
}

export const aPicture = (change: Partial<RemotePicture> = {}): RemotePicture => ({
  media: { attach: () => undefined, detach: () => undefined },
  isMuted: false,
  ...change,
});
