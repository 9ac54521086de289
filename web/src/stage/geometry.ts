// Where the cells of a layout stand, in percent of a 16:9 frame. Pure. The table is the one the server reads; the arithmetic
// of the grid is written in both languages and tests/corpus/stage_vectors.json holds both writings to the same numbers.
import table from "../../../src/veche/domain/stage_layouts.json";
import type { Layout } from "../api/contract";

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface TableLayout {
  readonly cells: readonly (Place & { readonly fit?: string })[];
}

const FRAME_WIDTH = 100;
const layouts: Record<Layout, TableLayout> = table.layouts;
const grid = table.layouts.grid.rule;

/** Equal cells, the block centred, a short last row centred under the others. Equal percentages keep a cell 16:9. */
function gridPlaces(count: number): Place[] {
  const columns = Math.min(count, count <= 4 ? grid.columns_up_to_four : grid.columns_beyond);
  const rows = Math.ceil(count / columns);
  const size = Math.min((grid.width - grid.gap_x * (columns - 1)) / columns, (grid.height - grid.gap_y * (rows - 1)) / rows);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = (FRAME_WIDTH - inRow * size - (inRow - 1) * grid.gap_x) / 2;
    return { x: left + (index % columns) * (size + grid.gap_x), y: grid.top + row * (size + grid.gap_y), w: size, h: size };
  });
}

/** Places for as many cells as are shown; a fixed layout has the cells it has and no more. */
export function cellPlaces(layout: Layout, count: number): readonly Place[] {
  if (layout !== "grid") return layouts[layout].cells.slice(0, count);
  return count === 0 ? [] : gridPlaces(count);
}

/** How a picture fills its cell: slides are shown whole, cameras fill it. */
export function cellFit(layout: Layout, index: number): "cover" | "contain" {
  return layouts[layout].cells[index]?.fit?.startsWith("contain") ? "contain" : "cover";
}

export type TitleKind = "band" | "plate" | "none";
export const titleKind = (layout: Layout): TitleKind => table.layouts[layout].title as TitleKind;

/** After this long without a frame a card stands where the picture was: a frozen face is never shown. */
export const LOST_AFTER_MS = table.lost_site.after_seconds * 1000;
