// From how a list was understood to lines of the roster. What a person corrects in the preview wins; nothing of the list is
// dropped: a line that is not taken is still shown, with its reason.
import { LANGUAGES, type Language, type Text } from "../../../api/contract";
import type { ReadRowShape } from "../../../api/shapes";
import { newGroup, newLine, type Line, type Side } from "./plan";

/** One line of the list in the preview: what it will become, and whether it will. */
export interface Reading {
  readonly key: string;
  readonly row: ReadRowShape;
  readonly isTaken: boolean;
  readonly line: Line;
}

const inLanguages = (words: Readonly<Record<string, string>> | null, languages: readonly Language[]): Text =>
  Object.fromEntries(LANGUAGES.flatMap((language) => (languages.includes(language) && words?.[language] ? [[language, words[language]]] : [])));

function nameOf(row: ReadRowShape, languages: readonly Language[]): Line["full_name"] {
  if (!row.name) return null;
  const { forms } = row.name;
  const part = (key: "surname" | "given" | "patronymic"): Text => inLanguages(Object.fromEntries(Object.entries(forms).map(([language, name]) => [language, name[key]])), languages);
  const [surname, given, patronymic] = [part("surname"), part("given"), part("patronymic")];
  const orNull = (text: Text): Text | null => (Object.keys(text).length > 0 ? text : null);
  return Object.keys(surname).length > 0 ? { surname, given: orNull(given), patronymic: orNull(patronymic) } : null;
}

/** A line that was not understood keeps its words: they are corrected in place, not typed again. */
function postOf(row: ReadRowShape, organisation: Text, own: Language): Text {
  const post = inLanguages(row.post, LANGUAGES);
  if (Object.keys(post).length > 0) return post;
  if (!row.name) return { [own]: row.source.trim() };
  return organisation;
}

function lineOf(row: ReadRowShape, sides: readonly Side[], host: Side, languages: readonly Language[], own: Language): Line {
  const side = sides.find(({ id }) => id === row.side) ?? host;
  const site = side.sites.some(({ id }) => id === row.site) ? row.site : (side.sites[0]?.id ?? null);
  const group = row.kind === "group" || row.kind === "others";
  const organisation = inLanguages(row.organisation, LANGUAGES);
  return {
    ...(group ? newGroup(side) : newLine(side)),
    site,
    post: postOf(row, organisation, own),
    organisation: Object.keys(organisation).length > 0 ? organisation : null,
    full_name: group ? null : nameOf(row, languages),
    role: group && (row.role === "co_chair" || row.role === "rapporteur") ? "invited" : row.role,
    count: group ? row.count : 1,
    seat: row.seat,
    email: row.email,
    may_speak: row.role === "co_chair" || row.role === "rapporteur",
    allows_publication: row.allows_publication,
  };
}

/** Already in the roster, by the same name. */
export const isTwin = (row: ReadRowShape): boolean => row.twins.some(({ participation }) => participation !== null);

export function readingsOf(rows: readonly ReadRowShape[], sides: readonly Side[], languages: readonly Language[], own: Language): readonly Reading[] {
  const [host] = sides;
  if (!host) return [];
  return rows.map((row, index) => ({
    key: `${index}`,
    row,
    isTaken: (row.kind === "person" || row.kind === "group") && !isTwin(row) && row.source.trim() !== "",
    line: lineOf(row, sides, host, languages, own),
  }));
}

/** A line without a post cannot be saved: the post says who sits there when the name is not known. */
export const canBeTaken = ({ line }: Reading): boolean => Object.keys(line.post).length > 0;

export const takenLines = (readings: readonly Reading[]): readonly Line[] => readings.filter((reading) => reading.isTaken && canBeTaken(reading)).map(({ line }) => line);

/** Pieces of the source with what each became, in order, the letters between them too. */
export function piecesOf({ source, pieces }: ReadRowShape): readonly { readonly words: string; readonly field: ReadRowShape["pieces"][number]["field"] | null; readonly isDoubtful: boolean }[] {
  // By code points, as the server counts them.
  const letters = Array.from(source);
  const parts: { words: string; field: ReadRowShape["pieces"][number]["field"] | null; isDoubtful: boolean }[] = [];
  let at = 0;
  for (const { start, end, field, confidence } of pieces.toSorted((a, b) => a.start - b.start)) {
    if (start < at) continue;
    if (start > at) parts.push({ words: letters.slice(at, start).join(""), field: null, isDoubtful: false });
    parts.push({ words: letters.slice(start, end).join(""), field, isDoubtful: confidence === "doubtful" });
    at = end;
  }
  if (at < letters.length) parts.push({ words: letters.slice(at).join(""), field: null, isDoubtful: false });
  return parts;
}
