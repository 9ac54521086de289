// The words for everything that can go wrong on the way in: one table each, so that a new failure is a compiler error here.
import type { CaptureFailure, DeviceKind } from "../../media/capture";
import type { ConnectFailure, EndReason } from "../../media/connection";
import type { RoomKey } from "./words";

interface Explanation {
  readonly title: RoomKey;
  readonly text: RoomKey;
}

const REFUSALS: Readonly<Record<string, Explanation>> = {
  invitation_unknown: { title: "refused.unknownTitle", text: "refused.unknownText" },
  invitation_revoked: { title: "refused.revokedTitle", text: "refused.revokedText" },
  invitation_expired: { title: "refused.expiredTitle", text: "refused.expiredText" },
  meeting_closed: { title: "refused.closedTitle", text: "refused.closedText" },
  meeting_not_open: { title: "refused.notOpenTitle", text: "refused.notOpenText" },
  too_many_attempts: { title: "refused.tooManyTitle", text: "refused.tooManyText" },
  unreachable: { title: "refused.unreachableTitle", text: "refused.unreachableText" },
};
const UNKNOWN_REFUSAL: Explanation = { title: "refused.failedTitle", text: "refused.failedText" };

export const refusalWords = (code: string): Explanation => REFUSALS[code] ?? UNKNOWN_REFUSAL;
/** Whether asking again may help: a link that was withdrawn stays withdrawn. */
export const mayAskAgain = (code: string): boolean => !["invitation_unknown", "invitation_revoked", "invitation_expired", "meeting_closed"].includes(code);

const ENDS: Readonly<Record<Exclude<EndReason, "lost">, Explanation>> = {
  left: { title: "ended.leftTitle", text: "ended.leftText" },
  removed: { title: "ended.removedTitle", text: "ended.removedText" },
  duplicate: { title: "ended.duplicateTitle", text: "ended.duplicateText" },
  closed: { title: "ended.closedTitle", text: "ended.closedText" },
};
export const endWords = (end: EndReason): Explanation => ENDS[end === "lost" ? "left" : end];

const ENTER_FAILURES: Readonly<Record<ConnectFailure, RoomKey>> = {
  full: "check.failedFull",
  refused: "check.failedRefused",
  unreachable: "check.failedUnreachable",
  unsupported: "check.failedUnsupported",
};
export const enterFailureWords = (failure: ConnectFailure): RoomKey => ENTER_FAILURES[failure];

const CAPTURE_FAILURES: Readonly<Record<DeviceKind, Readonly<Record<CaptureFailure, Explanation>>>> = {
  camera: {
    denied: { title: "devices.cameraDenied", text: "devices.cameraDeniedText" },
    absent: { title: "devices.cameraAbsent", text: "devices.cameraAbsentText" },
    busy: { title: "devices.cameraBusy", text: "devices.cameraBusyText" },
    lost: { title: "devices.cameraLost", text: "devices.cameraLostText" },
    insecure: { title: "devices.cameraInsecure", text: "devices.cameraInsecureText" },
    unknown: { title: "devices.cameraUnknown", text: "devices.cameraUnknownText" },
  },
  microphone: {
    denied: { title: "devices.microphoneDenied", text: "devices.microphoneDeniedText" },
    absent: { title: "devices.microphoneAbsent", text: "devices.microphoneAbsentText" },
    busy: { title: "devices.microphoneBusy", text: "devices.microphoneBusyText" },
    lost: { title: "devices.microphoneLost", text: "devices.microphoneLostText" },
    insecure: { title: "devices.microphoneInsecure", text: "devices.microphoneInsecureText" },
    unknown: { title: "devices.microphoneUnknown", text: "devices.microphoneUnknownText" },
  },
};
export const captureFailureWords = (kind: DeviceKind, failure: CaptureFailure): Explanation => CAPTURE_FAILURES[kind][failure];
