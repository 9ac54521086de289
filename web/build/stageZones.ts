// Server-rendered pages draw a stage too (the card before the air), without a script to place its parts. This makes the
// places of its zones and extras, as a style sheet, of the one table of layouts; cells are placed by src/stage/geometry.ts.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const TABLE = fileURLToPath(new URL("../../src/veche/domain/stage_layouts.json", import.meta.url));
const MODULE = "virtual:stage-zones.css";
const RESOLVED = `\0${MODULE}`;

interface Place { x: number; y: number; w: number; h: number }
interface Table {
  zones: Record<string, Place>;
  layouts: Record<string, { extra?: (Place & { role: string })[] }>;
}

const placed = (selector: string, { x, y, w, h }: Place): string =>
  `${selector} { left: ${x}%; top: ${y}%; width: ${w}%; height: ${h}%; }\n`;

function zonesCss({ zones, layouts }: Table): string {
  const ofZones = Object.entries(zones).map(([zone, place]) => placed(`.stage__${zone}`, place));
  const ofExtras = Object.entries(layouts).flatMap(([layout, { extra = [] }]) =>
    extra.map((place) => placed(`[data-layout="${layout}"] .stage__${place.role}`, place)),
  );
  return [...ofZones, ...ofExtras].join("");
}

export function stageZones(): Plugin {
  return {
    name: "stage-zones",
    resolveId: (id) => (id === MODULE ? RESOLVED : null),
    async load(id) {
      if (id !== RESOLVED) return null;
      this.addWatchFile(TABLE);
      return zonesCss(JSON.parse(await readFile(TABLE, "utf8")) as Table);
    },
  };
}
