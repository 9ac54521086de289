// Every state of the participant's page, reached by the real state machine over stand-ins for the server and the devices.
import { ApiError } from "../src/api/client";
import type { Joined, StageState } from "../src/api/contract";
import { ConnectError, type ConnectionListener, type Person } from "../src/media/connection";
import { DeviceDesk } from "../src/media/deviceDesk";
import { RoomStore } from "../src/media/roomStore";
import type { CaptureFailure } from "../src/media/capture";
import { aHoldingStage, aJoined, aPerson, aStage, anInvited, KURSK, kurskCell, MINSK } from "../src/testing/builders";
import { FakeCapture, FakeTrack, fakeServer } from "../src/testing/fakes";
import { drawn, drawnPicture } from "./pictures";

const forever = new Promise<never>(() => undefined);

class DrawnCapture extends FakeCapture {
  override async open(kind: "camera" | "microphone", deviceId: string | null) {
    const track = await super.open(kind, deviceId);
    if (track instanceof FakeTrack) Object.assign(track, drawn("remote"), kind === "microphone" ? { mediaTrack: tone() } : {});
    return track;
  }
}

/** A voice for the level meter: a tone of -20 dBFS. */
function tone(): MediaStreamTrack {
  const context = new AudioContext();
  const source = new OscillatorNode(context, { frequency: 220 });
  const target = context.createMediaStreamDestination();
  source.connect(new GainNode(context, { gain: 0.1 })).connect(target);
  source.start();
  const [track] = target.stream.getAudioTracks();
  if (!track) throw new Error("no tone");
  return track;
}

const own = (change: Partial<Person> = {}): Person => aPerson({ identity: "person-vetrova", name: "Ольга Ветрова", isLocal: true, microphone: "closed", ...change });
const halls: readonly Person[] = [
  aPerson({ identity: MINSK, name: "Минск", kind: "hall", camera: drawnPicture("hallMinsk") }),
  aPerson({ identity: KURSK, name: "Курск", kind: "hall", side: "side-2", isSpeaking: true, camera: drawnPicture("hallKursk") }),
];
const guests: readonly Person[] = [
  aPerson({ identity: "veteran", name: "Председатель Минской городской организации ветеранов", microphone: "closed" }),
  aPerson({ identity: "deputy", name: "Марина Орехова", post: "заместитель председателя комитета экономики", side: "side-2", camera: drawnPicture("speakerKursk"), line: "poor", microphone: "closed" }),
];

interface Wish {
  readonly joined?: Joined | Error | Promise<never>;
  readonly failures?: Partial<Record<"camera" | "microphone", CaptureFailure>>;
  readonly isAsking?: boolean;
  readonly connect?: Error | Promise<never>;
  readonly isInside?: boolean;
  readonly people?: readonly Person[];
  readonly stage?: StageState;
  readonly isMicrophoneOpen?: boolean;
  readonly then?: (store: RoomStore, listener: ConnectionListener) => void | Promise<void>;
}

const WISHES: Readonly<Record<string, Wish>> = {
  opening: { joined: forever },
  "refused-unknown": { joined: new ApiError("invitation_unknown", 404) },
  "refused-revoked": { joined: new ApiError("invitation_revoked", 410) },
  "refused-expired": { joined: new ApiError("invitation_expired", 410) },
  "refused-closed": { joined: new ApiError("meeting_closed", 409) },
  "refused-not-open": { joined: new ApiError("meeting_not_open", 409) },
  "refused-too-many": { joined: new ApiError("too_many_attempts", 429) },
  "refused-unreachable": { joined: new ApiError("unreachable", null) },
  "refused-failed": { joined: new ApiError("internal_error", 500) },
  check: {},
  "check-asking": { isAsking: true },
  "check-denied": { failures: { camera: "denied", microphone: "denied" } },
  "check-absent": { failures: { camera: "absent", microphone: "absent" } },
  "check-busy": { failures: { camera: "busy" } },
  "check-insecure": { failures: { camera: "insecure", microphone: "insecure" } },
  "check-listener": { joined: aJoined({ participant: anInvited({ can_publish: [] }) }) },
  "check-closed": { isMicrophoneOpen: false, then: (store) => store.desk.setOpen("camera", false) },
  "check-full": { connect: new ConnectError("full"), then: (store) => store.enter() },
  "check-no-way": { connect: new ConnectError("unreachable"), then: (store) => store.enter() },
  entering: { connect: forever, then: (store) => void store.enter() },
  inside: { isInside: true, people: [...halls, ...guests, own()], isMicrophoneOpen: false },
  "inside-speaker": { isInside: true, people: [...halls, own()], stage: aStage({ layout: "speaker", cells: [kurskCell({ is_speaking: true })] }) },
  "inside-alone": { isInside: true, people: [own()], isMicrophoneOpen: false },
  "inside-holding": { isInside: true, people: [own()], stage: aHoldingStage() },
  "inside-lost-hall": { isInside: true, people: [halls[0] as Person, own()], isMicrophoneOpen: false },
  "inside-screen": { isInside: true, people: [...halls, { ...(guests[1] as Person), screen: drawnPicture("slide") }, own()], isMicrophoneOpen: false },
  "inside-sharing": { isInside: true, people: [...halls, own()], then: (store) => store.shareScreen(true) },
  "inside-no-camera": { isInside: true, people: [...halls, own()], failures: { camera: "lost", microphone: "absent" } },
  "inside-restoring": { isInside: true, people: [...halls, own()], then: (_store, listener) => listener.linkChanged("restoring") },
  "inside-sound-blocked": { isInside: true, people: [...halls, own()], then: (_store, listener) => listener.soundBlocked(true) },
  returning: { isInside: true, people: [...halls, own()], then: (_store, listener) => listener.ended("lost") },
  "ended-left": { isInside: true, then: (store) => store.leave() },
  "ended-removed": { isInside: true, then: (_store, listener) => listener.ended("removed") },
  "ended-duplicate": { isInside: true, then: (_store, listener) => listener.ended("duplicate") },
  "ended-closed": { isInside: true, then: (_store, listener) => listener.ended("closed") },
};

export const ROOM_STATES = Object.keys(WISHES);

export function roomIn(name: string): RoomStore {
  const wish = WISHES[name] ?? {};
  const capture = new DrawnCapture();
  for (const [kind, failure] of Object.entries(wish.failures ?? {})) capture.failures.set(kind as "camera" | "microphone", failure);
  if (wish.isAsking) capture.gate = forever;
  const server = fakeServer();
  let joinCount = 0;
  const place = { isInside: wish.isInside ?? false, isCameraOpen: true, isMicrophoneOpen: wish.isMicrophoneOpen ?? true };
  const store = new RoomStore({
    join: async () => {
      joinCount += 1;
      if (joinCount > 1) return forever;
      const answer = await (wish.joined ?? aJoined());
      if (answer instanceof Error) throw answer;
      return { ...answer, stage: wish.stage ?? answer.stage, media: { ...answer.media, expires_at: Date.now() + 600_000 } };
    },
    connect: (access, listener) => (wish.connect instanceof Error ? Promise.reject(wish.connect) : (wish.connect ?? server.connect(access, listener))),
    desk: new DeviceDesk(capture),
    openLive: () => ({ stop: () => undefined }),
    memory: { load: () => place, save: () => undefined },
    nowMs: () => Date.now(),
    random: () => 0.5,
  });
  const reach = async (): Promise<void> => {
    const opened = store.open();
    if (wish.isAsking) return;
    await opened;
    const listener = server.connections[0]?.listener;
    if (wish.people) listener?.peopleChanged(wish.people);
    if (wish.then) await wish.then(store, listener as ConnectionListener);
  };
  void reach();
  return store;
}
