import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { LAYOUTS, type Layout } from "../api/contract";
import { cellFit, cellPlaces } from "./geometry";

interface Vectors {
  cases: { layout: Layout; count: number; cells: [number, number, number, number][] }[];
}
const vectors = JSON.parse(readFileSync(new URL("../../../tests/corpus/stage_vectors.json", import.meta.url), "utf8")) as Vectors;

describe("geometry of the stage", () => {
  test.each(vectors.cases)("agrees with the server about $layout of $count", ({ layout, count, cells }) => {
    const places = cellPlaces(layout, count);
    expect(places).toHaveLength(cells.length);
    places.forEach(({ x, y, w, h }, index) => {
      [x, y, w, h].forEach((value, side) => expect(value).toBeCloseTo(cells[index]?.[side] ?? Number.NaN, 2));
    });
  });

  test("the vectors cover every layout that has cells", () => {
    const covered = new Set(vectors.cases.map(({ layout }) => layout));
    expect(LAYOUTS.filter((layout) => layout !== "holding" && !covered.has(layout))).toEqual([]);
  });

  test("a fixed layout never places more cells than it has", () => {
    expect(cellPlaces("bridge", 5)).toHaveLength(2);
    expect(cellPlaces("holding", 2)).toEqual([]);
  });

  test("no cell of a grid leaves the frame or covers another", () => {
    for (let count = 1; count <= 12; count += 1) {
      const places = cellPlaces("grid", count);
      for (const a of places) {
        expect(a.x).toBeGreaterThanOrEqual(0);
        expect(a.x + a.w).toBeLessThanOrEqual(100);
        expect(a.y + a.h).toBeLessThanOrEqual(85.5);
        for (const b of places) {
          const isApart = a === b || a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
          expect(isApart).toBe(true);
        }
      }
    }
  });

  test("slides are shown whole and cameras fill their cell", () => {
    expect(cellFit("slides-speaker", 0)).toBe("contain");
    expect(cellFit("slides-speaker", 1)).toBe("cover");
    expect(cellFit("grid", 7)).toBe("cover");
  });
});
