import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { ICONS } from "./icons";

test("every icon that has a name has a shape, and every shape a name", () => {
  const styles = readFileSync(new URL("../styles/icons.css", import.meta.url), "utf8");
  const drawn = [...styles.matchAll(/^\.i-([\w-]+) \{ --i: var\(--i-\1\); \}$/gm)].map(([, name]) => name).toSorted();
  expect([...ICONS].toSorted()).toEqual(drawn);
  for (const name of ICONS) expect(styles, name).toContain(`--i-${name}: url(`);
});
