// The name of a changed field in words of an office: `roster[popkov].post.ru` is "Попков Сергей, должность, по-русски".
import type { Language } from "../../../api/contract";
import { chooseText } from "../../../i18n/LanguageContext";
import { callLine } from "./people";
import type { PlanSteps } from "./plan";
import type { PlanKey, PlanWords } from "./words";

const FIELDS: Readonly<Record<string, PlanKey>> = {
  kind: "substance.kind", title: "substance.title", short_title: "substance.shortTitle", lead: "substance.lead", background: "changes.background", day: "substance.day",
  starts_at: "substance.starts", ends_at: "substance.ends", zone: "substance.zone", language: "substance.language", languages: "substance.offered", contact: "substance.contact",
  ordinal: "substance.ordinal", series: "changes.series", sides: "changes.sides", sites: "changes.sites", roster: "roster.title", agenda: "programme.title",
  name: "changes.name", city: "hall.city", city_with: "hall.cityWith", address: "hall.address", technician: "hall.technician", phone: "hall.phone", reserve_phone: "hall.reservePhone",
  audio: "hall.audio", screens: "hall.screens", is_required: "hall.required", office_contact: "sides.office", wording: "sides.wording", has_others: "sides.others",
  side: "person.side", site: "person.site", post: "person.post", short_post: "person.shortPost", full_name: "changes.name", organisation: "person.organisation", office: "changes.office",
  leads_side: "sides.leader", role: "person.role", count: "person.count", seat: "person.seat", email: "person.email", is_announced: "person.announced", may_speak: "person.maySpeak",
  allows_remote_unmute: "person.remoteUnmute", allows_publication: "person.publication", answer: "changes.answer", replaced_by: "changes.replacedBy", length: "programme.minutes",
  note: "programme.note", rapporteurs: "programme.speakers", speech_limit: "programme.limit", webcast: "access.webcast", record: "access.record", retention_days: "access.retention",
  legal_ground: "access.ground", surname: "person.surname", given: "person.given", patronymic: "person.patronymic", order: "changes.order",
};
const LANGUAGES: Readonly<Record<string, PlanKey>> = { be: "changes.be", ru: "changes.ru", en: "changes.en" };

/** The row of an id, as people call it now; one that is gone has no name any more. */
function rowName(list: string, id: string, steps: PlanSteps, language: Language): string | null {
  if (list === "roster") {
    const line = steps.roster.find((one) => one.id === id);
    return line ? callLine(line, language) : null;
  }
  const rows: readonly { readonly id: string; readonly words: object }[] = {
    sides: steps.sides.map((side) => ({ id: side.id, words: side.name })),
    sites: steps.sides.flatMap((side) => side.sites.map((site) => ({ id: site.id, words: site.name }))),
    agenda: steps.programme.map((item) => ({ id: item.id, words: item.title })),
  }[list] ?? [];
  const row = rows.find((one) => one.id === id);
  return row ? chooseText(row.words, language).words : null;
}

export function changedField(field: string, steps: PlanSteps, language: Language, t: PlanWords): string {
  const parts = [...field.matchAll(/([a-z_]+)(?:\[([^\]]+)\])?/g)];
  const words = parts.flatMap(([, name = "", id]) => {
    const row = id === undefined ? null : rowName(name, id, steps, language);
    if (row) return [row];
    const key = FIELDS[name] ?? LANGUAGES[name];
    return key ? [t(key).toLowerCase()] : [];
  });
  const [first = t("changes.other"), ...rest] = words;
  return [first.slice(0, 1).toUpperCase() + first.slice(1), ...rest].join(", ");
}
