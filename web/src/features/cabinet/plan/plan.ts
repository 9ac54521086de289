// A planned meeting as the cabinet edits it: the five steps that are saved, and what the server says around them.
// What the server fills in by itself (a short title like the title) is taken out again on reading, so that it goes on
// following what it was made of.
import type { SavedStep } from "../../../api/cabinet";
import type { AccessShape, AgendaItemShape, ParticipationShape, PlanAnswer, PlannedSideShape, SubstanceShape } from "../../../api/shapes";
import type { Whole } from "../drafts/draft";
import { isSame } from "../drafts/merge";

type WithId<T> = Omit<T, "id"> & { readonly id: string };
export type Substance = SubstanceShape;
export type Site = WithId<PlannedSideShape["sites"][number]>;
export type Side = Omit<PlannedSideShape, "id" | "sites"> & { readonly id: string; readonly sites: readonly Site[] };
export type Line = WithId<ParticipationShape>;
export type Item = WithId<AgendaItemShape>;

export type PlanSteps = {
  readonly substance: Substance;
  readonly sides: readonly Side[];
  readonly roster: readonly Line[];
  readonly programme: readonly Item[];
  readonly access: AccessShape;
};

export interface Plan extends Whole<PlanSteps> {
  readonly answer: PlanAnswer;
}

/** `11:00:00` as people write it. */
const shortHour = (hour: string | null): string | null => hour?.slice(0, 5) ?? null;

export function planOf(answer: PlanAnswer): Plan {
  const { substance } = answer;
  return {
    version: answer.version,
    answer,
    steps: {
      substance: {
        ...substance,
        short_title: isSame(substance.short_title, substance.title) ? null : substance.short_title,
        starts: shortHour(substance.starts),
        ends: shortHour(substance.ends),
      },
      sides: answer.sides.map((side) => ({
        ...side,
        id: side.id ?? "",
        sites: side.sites.map((site) => ({ ...site, id: site.id ?? "", city_with: isSame(site.city_with, site.city) ? null : site.city_with })),
      })),
      roster: answer.roster.map((line) => ({ ...line, id: line.id ?? "", name: line.full_name ? null : line.name })),
      programme: answer.agenda.map((item) => ({ ...item, id: item.id ?? "" })),
      access: answer.access,
    },
  };
}

/** What is sent to save one step of a meeting that was read in this version. */
export function bodyOf(step: SavedStep, steps: PlanSteps, version: number): object {
  switch (step) {
    case "substance":
      return { ...steps.substance, version };
    case "sides":
      return { sides: steps.sides, version };
    case "roster":
      return { roster: steps.roster, version };
    case "programme":
      return { agenda: steps.programme, version };
    case "access":
      return { ...steps.access, version };
  }
}

const NEW_ID_BYTES = 6;
/** As the server makes them: unique among a thousand lines of one meeting. */
export const newId = (): string => [...crypto.getRandomValues(new Uint8Array(NEW_ID_BYTES))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const emptyLine = { full_name: null, name: null, leads_side: false, office: null, role: "participant", count: 1, short_post: null, organisation: null, person: null, seat: null, email: null, is_announced: true, may_speak: false, allows_remote_unmute: false, allows_publication: true, answer: "awaited", replaced_by: null } as const;
export const newLine = (side: Side): Line => ({ ...emptyLine, id: newId(), side: side.id, site: side.sites[0]?.id ?? null, post: {} });

/** A group is counted when somebody has counted it. */
export const newGroup = (side: Side): Line => ({ ...newLine(side), count: null, role: "invited" });

export const newItem = (kind: Item["kind"], minutes: number): Item => ({ id: newId(), kind, title: {}, seconds: minutes * 60, note: null, short_title: null, rapporteurs: [], speech_limit_seconds: null, side: null });

export const isGroup = (line: Line): boolean => line.count !== 1;

export const peopleIn = (lines: readonly Line[]): number => lines.reduce((sum, { count }) => sum + (count ?? 1), 0);
