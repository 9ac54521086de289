// The participant's way through a meeting as one state machine, without React and without a browser: a link, a check of
// devices, the room, and what may end or interrupt it. Promises: a lost server is come back from without being asked, with a
// fresh token, for as long as the page is open; every refusal ends in a step that says why; devices stay open through it all.
//
//   opening ─► checking ─► entering ─► inside ─► ended        left, removed, duplicate, closed
//      │           ▲           │          │ ▲
//      ▼           └───────────┘          ▼ │
//   refused ◄────────────────────────  returning              the server is gone; we try until it is back
import { ApiError } from "../api/client";
import type { Joined, MediaAccess } from "../api/contract";
import type { LiveEvent, LiveState } from "../live/liveState";
import { applyLiveEvent } from "../live/liveState";
import { DEVICE_KINDS, type CapturedTrack, type DeviceKind } from "./capture";
import { ConnectError, type Connect, type ConnectFailure, type Connection, type ConnectionListener, type EndReason, type Person } from "./connection";
import type { DeviceDesk } from "./deviceDesk";
import { Observable } from "./observable";
import { returnDelayMs } from "./returnDelay";

export interface RoomState {
  readonly step: "opening" | "refused" | "checking" | "entering" | "inside" | "returning" | "ended";
  /** Code of the server's refusal, or of ours: `unreachable`, `misunderstood`. */
  readonly refusal: { readonly code: string; readonly isPassing: boolean } | null;
  readonly enterFailure: ConnectFailure | null;
  readonly end: EndReason | null;
  readonly link: "steady" | "restoring";
  readonly joined: Joined | null;
  readonly live: LiveState | null;
  readonly people: readonly Person[];
  readonly isSoundBlocked: boolean;
  readonly isScreenShared: boolean;
  /** When the next attempt to come back begins, in this machine's milliseconds. */
  readonly nextAttemptMs: number | null;
}

export interface Remembered {
  /** The page was inside the meeting when it was last seen in this tab: a reload goes straight back. */
  readonly isInside: boolean;
  readonly isCameraOpen: boolean;
  readonly isMicrophoneOpen: boolean;
}

export interface RoomParts {
  readonly join: () => Promise<Joined>;
  readonly connect: Connect;
  readonly desk: DeviceDesk;
  readonly openLive: (path: string, onEvent: (event: LiveEvent) => void) => { stop(): void };
  readonly memory: { load(): Remembered; save(remembered: Remembered): void };
  readonly nowMs: () => number;
  /** Between 0 and 1; spreads the return of many pages after a restart of the server. */
  readonly random: () => number;
}

/** The token must outlive the connecting itself. */
const TOKEN_MARGIN_MS = 60_000;

const START: RoomState = {
  step: "opening",
  refusal: null,
  enterFailure: null,
  end: null,
  link: "steady",
  joined: null,
  live: null,
  people: [],
  isSoundBlocked: false,
  isScreenShared: false,
  nextAttemptMs: null,
};

export class RoomStore extends Observable<RoomState> {
  readonly desk: DeviceDesk;
  private connection: Connection | null = null;
  private live: { stop(): void } | null = null;
  private readonly published = new Map<DeviceKind, CapturedTrack>();
  private returnTimer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  /** Raised by each new way in and by leaving, so that an answer to an older one finds nobody. */
  private generation = 0;

  constructor(private readonly parts: RoomParts) {
    super(START);
    this.desk = parts.desk;
    this.desk.subscribe(() => this.deskChanged());
  }

  /** From the link to the check of devices, or straight inside after a reload. */
  async open(): Promise<void> {
    this.change({ step: "opening", refusal: null });
    if (!(await this.askForPlace())) return;
    const remembered = this.parts.memory.load();
    this.change({ step: "checking" });
    const devices = this.startDevices(remembered);
    if (remembered.isInside) await Promise.all([devices, this.enter()]);
    else await devices;
  }

  async enter(): Promise<void> {
    if (this.snapshot().step === "entering" || this.snapshot().step === "inside") return;
    this.attempt = 0;
    this.change({ step: "entering", enterFailure: null, end: null });
    await this.connect();
  }

  async leave(): Promise<void> {
    this.end("left");
    await this.hangUp();
  }

  /** The way back in after an end that was not final for the person. */
  async comeBack(): Promise<void> {
    this.change({ step: "checking", end: null, people: [] });
    await this.startDevices(this.parts.memory.load());
  }

  async returnNow(): Promise<void> {
    if (this.snapshot().step !== "returning") return;
    clearTimeout(this.returnTimer);
    await this.connect();
  }

  async shareScreen(isShared: boolean): Promise<void> {
    await this.connection?.shareScreen(isShared);
  }

  async startSound(): Promise<void> {
    await this.connection?.startSound();
  }

  async useSpeaker(deviceId: string): Promise<void> {
    this.desk.chooseSpeaker(deviceId);
    await this.connection?.useSpeaker(deviceId);
  }

  /** The page goes away: everything is let go, and a reload will find its way back. */
  async close(): Promise<void> {
    this.generation += 1;
    clearTimeout(this.returnTimer);
    this.live?.stop();
    this.desk.stop();
    await this.hangUp();
  }

  mayPublish(source: Joined["participant"]["can_publish"][number]): boolean {
    return this.snapshot().joined?.participant.can_publish.includes(source) ?? false;
  }

  private async startDevices({ isCameraOpen, isMicrophoneOpen }: Remembered): Promise<void> {
    await Promise.all([
      this.mayPublish("camera") ? this.desk.start("camera", isCameraOpen) : undefined,
      this.mayPublish("microphone") ? this.desk.start("microphone", isMicrophoneOpen) : undefined,
    ]);
  }

  /** Asks the server for a place; says whether there is one. A refusal while coming back is as final as at the door. */
  private async askForPlace(): Promise<boolean> {
    try {
      const joined = await this.parts.join();
      this.change({ joined, live: this.snapshot().live ?? this.liveFrom(joined) });
      this.live ??= this.parts.openLive(joined.live, (event) => this.heard(event));
      return true;
    } catch (error) {
      const refused = error instanceof ApiError ? error : new ApiError("internal_error", null, { cause: error });
      if (this.snapshot().step === "returning" && refused.isPassing) {
        this.tryLater();
      } else if (this.snapshot().step === "entering" && refused.isPassing) {
        this.change({ step: "checking", enterFailure: "unreachable" });
      } else {
        this.change({ step: "refused", refusal: { code: refused.code, isPassing: refused.isPassing } });
      }
      return false;
    }
  }

  private liveFrom({ meeting, stage }: Joined): LiveState {
    return { phase: meeting.phase, onAirSinceMs: meeting.on_air_since, stage, clockOffsetMs: 0 };
  }

  private heard(event: LiveEvent): void {
    const { live } = this.snapshot();
    if (live) this.change({ live: applyLiveEvent(live, event, this.parts.nowMs()) });
  }

  private async connect(): Promise<void> {
    const generation = ++this.generation;
    const access = await this.freshAccess();
    if (!access || generation !== this.generation) return;
    try {
      const connection = await this.parts.connect(access, this.listenerFor(generation));
      if (generation !== this.generation) {
        await connection.disconnect();
        return;
      }
      this.entered(connection);
    } catch (error) {
      if (generation === this.generation) this.notEntered(error instanceof ConnectError ? error.failure : "unreachable");
    }
  }

  /** The place asked for at the door is good for the first connection; every later one asks again. */
  private async freshAccess(): Promise<MediaAccess | null> {
    const { joined, step } = this.snapshot();
    const isFresh = step === "entering" && joined !== null && joined.media.expires_at - TOKEN_MARGIN_MS > this.serverNowMs();
    if (!isFresh && !(await this.askForPlace())) return null;
    return this.snapshot().joined?.media ?? null;
  }

  private serverNowMs(): number {
    return this.parts.nowMs() + (this.snapshot().live?.clockOffsetMs ?? 0);
  }

  private entered(connection: Connection): void {
    this.connection = connection;
    this.attempt = 0;
    this.published.clear();
    this.change({ step: "inside", link: "steady", nextAttemptMs: null, isScreenShared: false });
    const { speakerId } = this.desk.snapshot();
    if (speakerId !== null) void connection.useSpeaker(speakerId);
    this.deskChanged();
  }

  private notEntered(failure: ConnectFailure): void {
    if (this.snapshot().step === "returning") this.tryLater();
    else this.change({ step: "checking", enterFailure: failure });
  }

  private tryLater(): void {
    const delayMs = returnDelayMs(this.attempt, this.parts.random());
    this.attempt += 1;
    this.change({ step: "returning", nextAttemptMs: this.parts.nowMs() + delayMs });
    clearTimeout(this.returnTimer);
    this.returnTimer = setTimeout(() => void this.connect(), delayMs);
  }

  private listenerFor(generation: number): ConnectionListener {
    const current = (act: () => void): void => {
      if (generation === this.generation) act();
    };
    return {
      peopleChanged: (people) => current(() => this.change({ people })),
      linkChanged: (link) => current(() => this.change({ link })),
      soundBlocked: (isSoundBlocked) => current(() => this.change({ isSoundBlocked })),
      screenShared: (isScreenShared) => current(() => this.change({ isScreenShared })),
      ended: (reason) => current(() => this.connectionEnded(reason)),
    };
  }

  private connectionEnded(reason: EndReason): void {
    this.connection = null;
    this.published.clear();
    if (reason === "lost") {
      // Who was there is still worth reading; pictures and voices are gone.
      const people = this.snapshot().people.map((person) => ({ ...person, isSpeaking: false, line: "unknown" as const, camera: null, screen: null }));
      this.change({ people, isScreenShared: false });
      this.tryLater();
    } else {
      this.end(reason);
    }
  }

  /** Devices are let go: a page that is out of the meeting holds no camera. */
  private end(reason: EndReason): void {
    this.generation += 1;
    clearTimeout(this.returnTimer);
    this.change({ step: "ended", end: reason, people: [], isScreenShared: false, nextAttemptMs: null });
    this.remember();
    this.desk.letGo();
  }

  private async hangUp(): Promise<void> {
    const { connection } = this;
    this.connection = null;
    this.published.clear();
    await connection?.disconnect();
  }

  private deskChanged(): void {
    for (const kind of DEVICE_KINDS) this.syncPublication(kind);
    this.remember();
  }

  /** A track is published when it is first open and stays published, closed or not: closing is a mute, opening again is instant. */
  private syncPublication(kind: DeviceKind): void {
    const { connection } = this;
    if (!connection || !this.mayPublish(kind)) return;
    const { track, isOpen } = this.desk.snapshot()[kind];
    const before = this.published.get(kind);
    if (before && before !== track) {
      this.published.delete(kind);
      void connection.unpublish(before);
    }
    if (track && isOpen && !this.published.has(kind)) {
      this.published.set(kind, track);
      connection.publish(track).catch(() => {
        if (this.published.get(kind) === track) this.published.delete(kind);
      });
    }
  }

  private remember(): void {
    const { step } = this.snapshot();
    if (step === "opening" || step === "refused") return;
    const { camera, microphone } = this.desk.snapshot();
    const before = this.parts.memory.load();
    const kept = (device: typeof camera, was: boolean): boolean => (device.status === "ready" ? device.isOpen : was);
    this.parts.memory.save({
      isInside: step === "inside" || step === "returning",
      isCameraOpen: kept(camera, before.isCameraOpen),
      isMicrophoneOpen: kept(microphone, before.isMicrophoneOpen),
    });
  }
}
