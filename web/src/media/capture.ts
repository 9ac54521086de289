// What the room needs of cameras and microphones, without a browser in it: `browserCapture` is the real thing, tests bring
// their own. A device that cannot be had is a typed failure with words of its own on the page, never a reason to stay outside.

export type DeviceKind = "camera" | "microphone";
export const DEVICE_KINDS = ["camera", "microphone"] as const;

/** denied: by the person or the system; absent: none; busy: taken by another program; lost: went away in use; insecure: no https. */
export type CaptureFailure = "denied" | "absent" | "busy" | "lost" | "insecure" | "unknown";

export class CaptureError extends Error {
  override readonly name = "CaptureError";
  constructor(readonly failure: CaptureFailure, options?: ErrorOptions) {
    super(`no capture: ${failure}`, options);
  }
}

export interface DeviceChoice {
  readonly id: string;
  readonly label: string;
}

export interface CapturedTrack {
  readonly kind: DeviceKind;
  readonly deviceId: string | null;
  /** Lines of the picture as it is taken, `null` for sound. */
  readonly height: number | null;
  readonly isOpen: boolean;
  /** For the level meter. */
  readonly mediaTrack: MediaStreamTrack;
  setOpen(isOpen: boolean): Promise<void>;
  useDevice(deviceId: string): Promise<void>;
  attach(element: HTMLMediaElement): unknown;
  detach(element: HTMLMediaElement): unknown;
  /** Opened or closed by somebody else (the server may close a microphone), or the device went away. */
  onChange(listener: (change: "opened" | "closed" | "lost") => void): void;
  stop(): void;
}

export interface Capture {
  open(kind: DeviceKind, deviceId: string | null): Promise<CapturedTrack>;
  choices(kind: DeviceKind | "speaker"): Promise<readonly DeviceChoice[]>;
  onDevicesChange(listener: () => void): () => void;
}

const FAILURES: Record<string, CaptureFailure> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** The failure behind whatever a browser throws (names: W3C Media Capture and Streams, section 10.2). */
export function captureFailure(error: unknown): CaptureFailure {
  if (error instanceof CaptureError) return error.failure;
  return FAILURES[(error as { name?: string } | null)?.name ?? ""] ?? "unknown";
}
