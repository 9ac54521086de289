import { describe, expect, test } from "vitest";

import { reachableChunks, withoutCapture } from "./listenOnly.ts";

type Chunk = Parameters<typeof reachableChunks>[1][number];
const chunk = (name: string, change: Partial<Chunk> = {}): Chunk => ({ fileName: `${name}.js`, name, isEntry: false, imports: [], dynamicImports: [], ...change }) as unknown as Chunk;

describe("the library that only listens", () => {
  test("has lost the name of every capture call and keeps different names different", () => {
    const stripped = withoutCapture("navigator.mediaDevices.getUserMedia(c); function shimGetUserMedia() {} function shimGetDisplayMedia() {}");
    expect(stripped).not.toMatch(/getUserMedia|getDisplayMedia/i);
    expect(new Set(stripped.match(/shim\w+/g)).size).toBe(2);
  });

  test("is not made of a library that would hide its calls elsewhere", () => {
    expect(() => withoutCapture("export const Room = 1;")).toThrow(/needs a look/);
  });

  test("what an entry reaches includes what it loads later and nothing of other entries", () => {
    const chunks = [
      chunk("watch", { isEntry: true, dynamicImports: ["listen.js"] }),
      chunk("listen", { imports: ["shared.js"] }),
      chunk("shared", { imports: ["listen.js"] }),
      chunk("room", { isEntry: true }),
    ];
    expect(reachableChunks("watch", chunks).map(({ name }) => name).sort()).toEqual(["listen", "shared", "watch"]);
  });
});
