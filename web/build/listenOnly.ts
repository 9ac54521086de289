// The spectator's promise, kept by the build: the page that watches ships no code that can ask for a camera,
// a microphone or a screen. `livekit-client/listen` is livekit-client with the names of the three capture calls taken out
// (the library tests them for presence everywhere, as browsers on an insecure origin have none), and the build fails
// when anything reachable from the spectator's entry still spells one of them.
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import type { Plugin, Rolldown } from "vite";

const LIBRARY = "livekit-client";
const LISTENING_LIBRARY = `${LIBRARY}/listen`;
const RESOLVED = `\0${LISTENING_LIBRARY}.mjs`;
const CAPTURE_CALL = /getUserMedia|getDisplayMedia/gi;

export function withoutCapture(source: string): string {
  const stripped = source.replaceAll(/get(User|Display)Media/gi, "absent$1Capture");
  if (stripped === source) throw new Error(`${LIBRARY} names no capture call any more: ${LISTENING_LIBRARY} needs a look`);
  return stripped;
}

/** Chunks that an entry loads sooner or later, with the entry itself. */
export function reachableChunks(entry: string, chunks: readonly Rolldown.OutputChunk[]): Rolldown.OutputChunk[] {
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const waiting = chunks.filter((chunk) => chunk.isEntry && chunk.name === entry);
  const reached = new Set<Rolldown.OutputChunk>();
  for (let chunk = waiting.pop(); chunk; chunk = waiting.pop()) {
    if (reached.has(chunk)) continue;
    reached.add(chunk);
    for (const file of [...chunk.imports, ...chunk.dynamicImports]) {
      const next = byFile.get(file);
      if (next) waiting.push(next);
    }
  }
  return [...reached];
}

export function listenOnly({ entry }: { entry: string }): Plugin {
  const libraryFile = createRequire(import.meta.url).resolve(LIBRARY).replace(/\.umd\.js$/, ".esm.mjs");
  return {
    name: "listen-only",
    enforce: "pre",
    resolveId: (id) => (id === LISTENING_LIBRARY ? RESOLVED : null),
    load: async (id) => (id === RESOLVED ? withoutCapture(await readFile(libraryFile, "utf8")) : null),
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const reached = reachableChunks(entry, chunks);
      if (reached.length === 0) this.error(`no entry is called ${entry}`);
      for (const chunk of reached) {
        const call = chunk.code.match(CAPTURE_CALL)?.[0];
        if (call) this.error(`${chunk.fileName}, reachable from the entry ${entry}, can ask for capture: ${call}`);
      }
    },
  };
}
