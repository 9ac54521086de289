// What the parts of the roster ask the server for. An organiser has both tools; the office of a side, which signs in nowhere,
// has the one that is open to everybody.
import { createContext, use } from "react";

import type { SpelledName } from "../../../api/cabinet";
import type { Language, NameFormsAnswer, ReadingsAnswer } from "../../../api/shapes";

export interface RosterTools {
  readonly spellName: (name: SpelledName, language: Language) => Promise<NameFormsAnswer>;
  /** Null where lists cannot be read. */
  readonly readRoster: ((document: Blob) => Promise<ReadingsAnswer>) | null;
}

export const RosterToolsContext = createContext<RosterTools | null>(null);

export function useRosterTools(): RosterTools {
  const tools = use(RosterToolsContext);
  if (!tools) throw new Error("a part of the roster without its tools");
  return tools;
}
