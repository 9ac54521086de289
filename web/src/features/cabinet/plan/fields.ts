// From a place in the plan (`roster / a1b2 / email`) to the server's name of it (`roster[3].email`) and back, so that what is
// refused or lacking is shown at its field.
import { isUnder, type Conflict, type Path } from "../drafts/merge";
import type { PlanSteps } from "./plan";

const SERVER_NAMES: Readonly<Record<string, string>> = { programme: "agenda" };
const SUBSTANCE_NAMES: Readonly<Record<string, string>> = { starts_at: "starts", ends_at: "ends" };

/** `roster / a1b2 / email` → `roster[3].email`; the fields of a step that is one form carry no name of the step. */
export function serverField(path: Path, steps: PlanSteps): string {
  const [step = "", ...rest] = path;
  const value = steps[step as keyof PlanSteps] as unknown;
  if (!Array.isArray(value)) return rest.join(".");
  let written = SERVER_NAMES[step] ?? step;
  let at: unknown = value;
  for (const part of rest) {
    if (Array.isArray(at)) {
      const index = at.findIndex((row: { id?: unknown }) => row.id === part);
      written += `[${index}]`;
      at = at[index];
    } else {
      written += `.${part}`;
      at = (at as Record<string, unknown> | null | undefined)?.[part];
    }
  }
  return written;
}

/** What the server calls differently in different refusals is one field for people. */
function plainField(field: string): string {
  const written = field.replace(/^body\./, "").replaceAll(/\.(\d+)(?=\.|$)/g, "[$1]").replace(/\.length$/, ".seconds").replace(/\.speech_limit$/, ".speech_limit_seconds");
  return SUBSTANCE_NAMES[written] ?? written;
}

const isField = (field: string, root: string): boolean => field === root || field.startsWith(`${root}.`) || field.startsWith(`${root}[`);

/** The reason why what stands at the path was refused. */
export function problemAt(path: Path, steps: PlanSteps, problems: Readonly<Record<string, Readonly<Record<string, string>>>>): string | null {
  const [step = ""] = path;
  const wanted = serverField(path, steps);
  const found = Object.entries(problems[step] ?? {}).find(([field]) => isField(plainField(field), wanted));
  return found?.[1] ?? null;
}

export const conflictsAt = (path: Path, conflicts: readonly Conflict[]): readonly Conflict[] => conflicts.filter((conflict) => isUnder(conflict.path, path));
