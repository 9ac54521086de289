// One build, an entry for each kind of page, read by the server through the manifest. Nothing it makes asks another host for anything,
// and the spectator's entry ships no code that could ask for a camera (see build/listenOnly.ts).
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { listenOnly } from "./build/listenOnly.ts";
import { stageZones } from "./build/stageZones.ts";

export default defineConfig({
  base: "/assets/",
  plugins: [react(), stageZones(), listenOnly({ entry: "watch" })],
  publicDir: false,
  css: { modules: { generateScopedName: "[name]_[local]_[hash:base64:4]" } },
  build: {
    outDir: "../src/veche/web/static",
    emptyOutDir: true,
    assetsDir: "",
    manifest: true,
    target: "es2023",
    // An inlined asset would need `data:` in font-src and script-src; only the masks of the icons are data URLs (img-src).
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Sizes are held by budget.json, after compression.
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      input: {
        cabinet: "src/entries/cabinet.tsx",
        office: "src/entries/office.tsx",
        room: "src/entries/room.tsx",
        watch: "src/entries/watch.tsx",
        pages: "src/entries/pages.ts",
      },
    },
  },
  server: { port: 5173, strictPort: true, proxy: { "/api": "http://127.0.0.1:8067", "/rtc": { target: "ws://127.0.0.1:8067", ws: true } } },
  test: { include: ["src/**/*.test.ts", "build/**/*.test.ts"], environment: "node", restoreMocks: true },
});
