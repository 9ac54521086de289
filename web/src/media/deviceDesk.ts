// The participant's camera and microphone: asked for, chosen, opened, closed, lost and had again. Owns the captured tracks
// for the page's whole life, before the meeting and in it, so that a reconnection never asks the devices anything.
// Acts on one device run one after another: two fast key presses cannot overtake each other. Never throws: a failure is state.
import { captureFailure, DEVICE_KINDS, type Capture, type CapturedTrack, type CaptureFailure, type DeviceChoice, type DeviceKind } from "./capture";
import { Observable } from "./observable";

export interface DeviceState {
  /** idle: not asked yet; asking: the browser asks the person; ready: a track is there, open or closed. */
  readonly status: "idle" | "asking" | "ready" | "failed";
  readonly failure: CaptureFailure | null;
  readonly isOpen: boolean;
  /** Closed by the server since the person last touched it. */
  readonly isClosedByOthers: boolean;
  readonly chosenId: string | null;
  readonly choices: readonly DeviceChoice[];
  readonly track: CapturedTrack | null;
}

export interface DeskState {
  readonly camera: DeviceState;
  readonly microphone: DeviceState;
  readonly speakers: readonly DeviceChoice[];
  readonly speakerId: string | null;
}

export interface ChosenDevices {
  readonly camera: string | null;
  readonly microphone: string | null;
  readonly speaker: string | null;
}

const unasked = (chosenId: string | null): DeviceState => ({ status: "idle", failure: null, isOpen: false, isClosedByOthers: false, chosenId, choices: [], track: null });

export class DeviceDesk extends Observable<DeskState> {
  private readonly acts: Record<DeviceKind, Promise<void>> = { camera: Promise.resolve(), microphone: Promise.resolve() };
  private readonly forgetDevices: () => void;
  /** Raised when everything is let go: a device that answers after that is put back. */
  private epoch = 0;

  constructor(private readonly capture: Capture, chosen: ChosenDevices = { camera: null, microphone: null, speaker: null }) {
    super({ camera: unasked(chosen.camera), microphone: unasked(chosen.microphone), speakers: [], speakerId: chosen.speaker });
    this.forgetDevices = capture.onDevicesChange(() => void this.devicesChanged());
  }

  /** Asks for a device and opens it; asking again after a failure is a retry. */
  start(kind: DeviceKind, isOpen = true): Promise<void> {
    return this.inTurn(kind, async () => {
      if (this.state(kind).track) return;
      const { epoch } = this;
      this.set(kind, { status: "asking", failure: null });
      const track = await this.openTrack(kind);
      if (epoch !== this.epoch) {
        track.stop();
        return;
      }
      track.onChange((change) => this.trackChanged(track, change));
      if (!isOpen) await track.setOpen(false);
      this.set(kind, { status: "ready", track, isOpen: track.isOpen, chosenId: track.deviceId });
      await this.refreshChoices();
    });
  }

  /** Opens or closes a device; opening one that failed or was never asked for asks for it. */
  setOpen(kind: DeviceKind, isOpen: boolean): Promise<void> {
    if (!this.state(kind).track) return isOpen ? this.start(kind) : Promise.resolve();
    return this.inTurn(kind, async () => {
      await this.state(kind).track?.setOpen(isOpen);
      this.set(kind, { isOpen: this.state(kind).track?.isOpen ?? false, isClosedByOthers: false });
    });
  }

  choose(kind: DeviceKind, deviceId: string): Promise<void> {
    const { track } = this.state(kind);
    if (!track) {
      this.set(kind, { chosenId: deviceId });
      return this.start(kind);
    }
    return this.inTurn(kind, async () => {
      await track.useDevice(deviceId);
      this.set(kind, { status: "ready", failure: null, chosenId: deviceId, isOpen: track.isOpen });
    });
  }

  chooseSpeaker(deviceId: string): void {
    this.change({ speakerId: deviceId });
  }

  /** Lamps off: no device is held until it is asked for again. */
  letGo(): void {
    this.epoch += 1;
    for (const kind of DEVICE_KINDS) this.drop(kind, { status: "idle", failure: null });
  }

  stop(): void {
    this.forgetDevices();
    this.letGo();
  }

  private state(kind: DeviceKind): DeviceState {
    return this.snapshot()[kind];
  }

  private set(kind: DeviceKind, change: Partial<DeviceState>): void {
    this.change({ [kind]: { ...this.state(kind), ...change } });
  }

  private drop(kind: DeviceKind, why: Pick<DeviceState, "status" | "failure">): void {
    this.state(kind).track?.stop();
    this.set(kind, { ...why, track: null, isOpen: false, isClosedByOthers: false });
  }

  private inTurn(kind: DeviceKind, act: () => Promise<void>): Promise<void> {
    const turn = this.acts[kind].then(act).catch((error: unknown) => {
      this.drop(kind, { status: "failed", failure: captureFailure(error) });
      return this.refreshChoices();
    });
    this.acts[kind] = turn;
    return turn;
  }

  /** The remembered device may be at home today: any other is better than none. */
  private async openTrack(kind: DeviceKind): Promise<CapturedTrack> {
    const { chosenId } = this.state(kind);
    try {
      return await this.capture.open(kind, chosenId);
    } catch (error) {
      if (chosenId === null || captureFailure(error) !== "absent") throw error;
      return this.capture.open(kind, null);
    }
  }

  private trackChanged(track: CapturedTrack, change: "opened" | "closed" | "lost"): void {
    if (this.state(track.kind).track !== track) return;
    if (change === "lost") {
      this.drop(track.kind, { status: "failed", failure: "lost" });
    } else {
      this.set(track.kind, { isOpen: change === "opened", isClosedByOthers: change === "closed" });
    }
  }

  private async devicesChanged(): Promise<void> {
    await this.refreshChoices();
    for (const kind of DEVICE_KINDS) {
      const { status, failure, choices } = this.state(kind);
      const isBack = status === "failed" && (failure === "lost" || failure === "absent") && choices.length > 0;
      if (isBack) await this.start(kind);
    }
  }

  /** A list that cannot be had is an empty list: the device in use keeps working without it. */
  private async refreshChoices(): Promise<void> {
    const list = async (kind: DeviceKind | "speaker"): Promise<readonly DeviceChoice[]> => {
      try {
        return await this.capture.choices(kind);
      } catch {
        return [];
      }
    };
    const [cameras, microphones, speakers] = await Promise.all([list("camera"), list("microphone"), list("speaker")]);
    this.change({
      camera: { ...this.state("camera"), choices: cameras },
      microphone: { ...this.state("microphone"), choices: microphones },
      speakers,
    });
  }
}
