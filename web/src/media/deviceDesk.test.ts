import { describe, expect, test } from "vitest";

import { FakeCapture } from "../testing/fakes";
import { captureFailure } from "./capture";
import { DeviceDesk } from "./deviceDesk";

function desk(chosenCamera: string | null = null) {
  const capture = new FakeCapture();
  const subject = new DeviceDesk(capture, { camera: chosenCamera, microphone: null, speaker: null });
  return { capture, subject };
}

describe("the desk of devices", () => {
  test.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "absent"],
    ["NotReadableError", "busy"],
    ["SomethingNewError", "unknown"],
  ])("names %s as %s", (name, failure) => {
    expect(captureFailure({ name })).toBe(failure);
  });

  test("a failed camera leaves the microphone alone and can be asked for again", async () => {
    const { capture, subject } = desk();
    capture.failures.set("camera", "busy");
    await Promise.all([subject.start("camera"), subject.start("microphone")]);
    expect(subject.snapshot().camera).toMatchObject({ status: "failed", failure: "busy", track: null });
    expect(subject.snapshot().microphone).toMatchObject({ status: "ready", isOpen: true });

    capture.failures.clear();
    await subject.start("camera");
    expect(subject.snapshot().camera).toMatchObject({ status: "ready", failure: null, isOpen: true });
  });

  test("a remembered device that is absent today gives way to any other", async () => {
    const { capture, subject } = desk("left-at-work");
    capture.missingIds.add("left-at-work");
    await subject.start("camera");
    expect(capture.asked).toEqual(["left-at-work", null]);
    expect(subject.snapshot().camera).toMatchObject({ status: "ready", chosenId: "usb" });
  });

  test("a refusal by the person is not answered by asking for another device", async () => {
    const { capture, subject } = desk("usb");
    capture.failures.set("camera", "denied");
    await subject.start("camera");
    expect(capture.asked).toEqual(["usb"]);
    expect(subject.snapshot().camera.failure).toBe("denied");
  });

  test("two fast key presses end where the second one points", async () => {
    const { subject } = desk();
    await subject.start("microphone");
    await Promise.all([subject.setOpen("microphone", false), subject.setOpen("microphone", true), subject.setOpen("microphone", false)]);
    expect(subject.snapshot().microphone.isOpen).toBe(false);
  });

  test("opening a microphone that was never asked for asks for it", async () => {
    const { capture, subject } = desk();
    await subject.setOpen("microphone", true);
    expect(capture.tracks).toHaveLength(1);
    expect(subject.snapshot().microphone.isOpen).toBe(true);
  });

  test("a microphone closed by the server is shown closed", async () => {
    const { capture, subject } = desk();
    await subject.start("microphone");
    capture.last("microphone").happens("closed");
    expect(subject.snapshot().microphone).toMatchObject({ isOpen: false, isClosedByOthers: true });
    await subject.setOpen("microphone", true);
    expect(subject.snapshot().microphone).toMatchObject({ isOpen: true, isClosedByOthers: false });
  });

  test("a camera that is unplugged says so and comes back when it is plugged in", async () => {
    const { capture, subject } = desk();
    await subject.start("camera");
    capture.last("camera").happens("lost");
    expect(subject.snapshot().camera).toMatchObject({ status: "failed", failure: "lost", isOpen: false });
    capture.plugged();
    await Promise.resolve();
    await expect.poll(() => subject.snapshot().camera.status).toBe("ready");
  });

  test("a device that answers after everything was let go is put back", async () => {
    const { capture, subject } = desk();
    let answer: () => void = () => undefined;
    capture.gate = new Promise((resolve) => (answer = resolve));
    const started = subject.start("camera");
    await Promise.resolve();
    subject.letGo();
    answer();
    await started;
    expect(capture.last("camera").isStopped).toBe(true);
    expect(subject.snapshot().camera.track).toBeNull();
  });

  test("a device that fails while it is opened again is let go", async () => {
    const { capture, subject } = desk();
    await subject.start("camera");
    await subject.setOpen("camera", false);
    capture.last("camera").failure = "busy";
    await subject.setOpen("camera", true);
    expect(subject.snapshot().camera).toMatchObject({ status: "failed", failure: "busy", track: null });
    expect(capture.last("camera").isStopped).toBe(true);
  });

  test("another device is taken without a gap in between", async () => {
    const { capture, subject } = desk();
    await subject.start("camera");
    await subject.choose("camera", "second");
    expect(capture.tracks).toHaveLength(1);
    expect(subject.snapshot().camera.chosenId).toBe("second");
  });
});
