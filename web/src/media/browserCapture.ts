// Cameras and microphones of a real browser. The only code of ours that asks for them; the spectator's page never imports it.
// Tracks are ours and only lent to the LiveKit client (it calls them provided by the user), so that nothing reopens a device
// behind the person's back; a closed camera is let go, and its lamp goes out.
import { LocalAudioTrack, LocalVideoTrack, Track, TrackEvent } from "livekit-client";

import { CaptureError, type Capture, type CapturedTrack, type DeviceChoice, type DeviceKind } from "./capture";

const ENOUGH: Record<DeviceKind, MediaTrackConstraints> = {
  camera: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 } },
  // A microphone that stands in a room: the browser cancels the echo of the loudspeakers.
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
};
const INPUTS: Record<DeviceKind | "speaker", MediaDeviceKind> = { camera: "videoinput", microphone: "audioinput", speaker: "audiooutput" };

/** Undefined on an insecure origin, whatever the types say. */
const mediaDevices = (): MediaDevices | undefined => (navigator as { mediaDevices?: MediaDevices }).mediaDevices;

async function ask(kind: DeviceKind, deviceId: string | null): Promise<MediaStreamTrack> {
  const devices = mediaDevices();
  if (!devices) throw new CaptureError("insecure");
  const constraints = deviceId === null ? ENOUGH[kind] : { ...ENOUGH[kind], deviceId: { exact: deviceId } };
  const stream = await devices.getUserMedia(kind === "camera" ? { video: constraints } : { audio: constraints });
  const [track] = stream.getTracks();
  if (!track) throw new CaptureError("absent");
  return track;
}

export class BrowserTrack implements CapturedTrack {
  /** What the client publishes; another one after a change of device that nobody had been sent yet. */
  local: LocalVideoTrack | LocalAudioTrack;
  private listener: (change: "opened" | "closed" | "lost") => void = () => undefined;
  private isOwnAct = false;
  private chosenId: string | null;

  constructor(readonly kind: DeviceKind, mediaTrack: MediaStreamTrack) {
    this.chosenId = mediaTrack.getSettings().deviceId ?? null;
    this.local = this.lend(mediaTrack);
    this.watch(mediaTrack);
  }

  get mediaTrack(): MediaStreamTrack {
    return this.local.mediaStreamTrack;
  }
  get deviceId(): string | null {
    return this.chosenId;
  }
  get height(): number | null {
    return this.mediaTrack.getSettings().height ?? null;
  }
  get isOpen(): boolean {
    return !this.local.isMuted;
  }

  async setOpen(isOpen: boolean): Promise<void> {
    if (isOpen === this.isOpen) return;
    await this.own(async () => {
      if (!isOpen) {
        await this.local.mute();
        if (this.kind === "camera") this.mediaTrack.stop();
        return;
      }
      if (this.mediaTrack.readyState === "ended") await this.take(this.chosenId);
      await this.local.unmute();
    });
  }

  async useDevice(deviceId: string): Promise<void> {
    await this.own(async () => {
      // Some systems give a second camera only when the first is free.
      if (this.kind === "camera") this.mediaTrack.stop();
      await this.take(deviceId);
      if (!this.isOpen && this.kind === "camera") this.mediaTrack.stop();
    });
  }

  attach(element: HTMLMediaElement): void {
    this.local.attach(element);
  }
  detach(element: HTMLMediaElement): void {
    this.local.detach(element);
  }

  onChange(listener: (change: "opened" | "closed" | "lost") => void): void {
    this.listener = listener;
  }

  stop(): void {
    this.listener = () => undefined;
    this.mediaTrack.stop();
    this.local.stop();
  }

  private async take(deviceId: string | null): Promise<void> {
    const next = await ask(this.kind, deviceId);
    const before = this.local;
    const beforeTrack = this.mediaTrack;
    if (before.sender) {
      await before.replaceTrack(next, true);
    } else {
      // The client replaces published tracks only.
      this.local = this.lend(next);
      if (before.isMuted) await this.local.mute();
      for (const element of [...before.attachedElements]) {
        before.detach(element);
        this.local.attach(element);
      }
    }
    beforeTrack.stop();
    this.chosenId = next.getSettings().deviceId ?? deviceId;
    this.watch(next);
  }

  private lend(mediaTrack: MediaStreamTrack): LocalVideoTrack | LocalAudioTrack {
    const isProvided = true;
    const local = this.kind === "camera" ? new LocalVideoTrack(mediaTrack, undefined, isProvided) : new LocalAudioTrack(mediaTrack, undefined, isProvided);
    local.source = this.kind === "camera" ? Track.Source.Camera : Track.Source.Microphone;
    local.on(TrackEvent.Muted, () => this.othersDid("closed"));
    local.on(TrackEvent.Unmuted, () => this.othersDid("opened"));
    return local;
  }

  private watch(mediaTrack: MediaStreamTrack): void {
    mediaTrack.addEventListener("ended", () => {
      if (this.mediaTrack === mediaTrack) this.listener("lost");
    });
  }

  private async own(act: () => Promise<void>): Promise<void> {
    this.isOwnAct = true;
    try {
      await act();
    } finally {
      this.isOwnAct = false;
    }
  }

  private othersDid(change: "opened" | "closed"): void {
    if (!this.isOwnAct) this.listener(change);
  }
}

export const browserCapture: Capture = {
  open: async (kind, deviceId) => new BrowserTrack(kind, await ask(kind, deviceId)),

  choices: async (kind): Promise<readonly DeviceChoice[]> => {
    const found = (await mediaDevices()?.enumerateDevices()) ?? [];
    // Before permission the ids are empty; a list of nameless devices helps nobody.
    return found.filter((device) => device.kind === INPUTS[kind] && device.deviceId !== "").map(({ deviceId, label }) => ({ id: deviceId, label }));
  },

  onDevicesChange: (listener) => {
    const devices = mediaDevices();
    devices?.addEventListener("devicechange", listener);
    return () => devices?.removeEventListener("devicechange", listener);
  },
};
