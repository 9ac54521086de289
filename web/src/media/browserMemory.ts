// What this browser keeps of a participant: devices for good, the place in the meeting for as long as the tab lives.
// Storage may be refused; then nothing is remembered and everything else works.
import type { ChosenDevices } from "./deviceDesk";
import type { Remembered, RoomParts } from "./roomStore";

const DEVICES_KEY = "veche.devices";
const PLACE_KEY = "veche.place";
const NO_DEVICES: ChosenDevices = { camera: null, microphone: null, speaker: null };
const NEW: Remembered = { isInside: false, isCameraOpen: true, isMicrophoneOpen: true };

function read<T extends object>(storage: () => Storage, key: string, otherwise: T): T {
  try {
    const kept: unknown = JSON.parse(storage().getItem(key) ?? "null");
    return typeof kept === "object" && kept !== null ? { ...otherwise, ...kept } : otherwise;
  } catch {
    return otherwise;
  }
}

function write(storage: () => Storage, key: string, value: object): void {
  try {
    storage().setItem(key, JSON.stringify(value));
  } catch {
    return;
  }
}

/** One tab may have seen two links: each has its own place. */
export function placeMemory(secret: string): RoomParts["memory"] {
  const key = `${PLACE_KEY}.${secret.slice(0, 8)}`;
  return { load: () => read(() => sessionStorage, key, NEW), save: (place) => write(() => sessionStorage, key, place) };
}

export const loadDevices = (): ChosenDevices => read(() => localStorage, DEVICES_KEY, NO_DEVICES);
export const saveDevices = (devices: ChosenDevices): void => write(() => localStorage, DEVICES_KEY, devices);
