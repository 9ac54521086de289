// What a meeting lacks, in words: by the code of the server, and which row it is about.
import type { FindingShape } from "../../api/shapes";
import { useCabinetWords, type CabinetKey } from "./words";

const WORDS: Readonly<Record<string, CabinetKey>> = {
  day_missing: "finding.day",
  hour_missing: "finding.hour",
  end_missing: "finding.end",
  lead_missing: "finding.lead",
  background_missing: "finding.background",
  not_in_language: "finding.language",
  second_side_missing: "finding.secondSide",
  site_missing: "finding.site",
  office_contact_missing: "finding.officeContact",
  technician_missing: "finding.technician",
  address_missing: "finding.address",
  leader_missing: "finding.leader",
  name_missing: "finding.name",
  email_missing: "finding.email",
  programme_missing: "finding.programme",
  length_missing: "finding.length",
  rapporteur_missing: "finding.rapporteur",
  rapporteur_absent: "finding.rapporteurAbsent",
  ends_late: "finding.endsLate",
  legal_ground_missing: "finding.legalGround",
  retention_missing: "finding.retention",
};

export function useFindingWords(): (finding: Pick<FindingShape, "code" | "field">) => string {
  const t = useCabinetWords();
  return ({ code, field }) => t(WORDS[code] ?? "finding.other", { language: t(languageKey(field)) });
}

const LANGUAGE_KEYS: Readonly<Record<string, CabinetKey>> = { be: "inLanguage.be", ru: "inLanguage.ru", en: "inLanguage.en" };
const languageKey = (field: string): CabinetKey => LANGUAGE_KEYS[field.split(".").at(-1) ?? ""] ?? "inLanguage.ru";
