// Two people edit one meeting: what only one of them changed is taken from him, and where both wrote different things the
// own words stay and the other's are shown beside them. Rows with an `id` are the same row wherever they stand.
// Pure: plain JSON in, plain JSON out.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type Path = readonly string[];

export interface Conflict {
  readonly path: Path;
  /** Absent where the other took the thing away. */
  readonly theirs: Json | undefined;
}

interface Merged {
  readonly value: Json | undefined;
  readonly conflicts: readonly Conflict[];
}

type Maybe = Json | undefined;
type JsonRecord = { readonly [key: string]: Json | undefined };
const isList = (value: Maybe): value is readonly Json[] => Array.isArray(value);
const isRecord = (value: Maybe): value is JsonRecord => typeof value === "object" && value !== null && !isList(value);

export function isSame(a: Maybe, b: Maybe): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((one, index) => isSame(one, b[index]));
  if (isRecord(a) && isRecord(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every((key) => isSame(a[key], b[key]));
  }
  return false;
}

const idOf = (row: Json): string | null => (isRecord(row) && typeof row["id"] === "string" ? row["id"] : null);
const isOfRows = (value: Maybe): value is readonly JsonRecord[] => isList(value) && value.every((row) => idOf(row) !== null);

export function merge(base: Maybe, mine: Maybe, theirs: Maybe, path: Path = []): Merged {
  if (isSame(mine, theirs) || isSame(base, theirs)) return { value: mine, conflicts: [] };
  if (isSame(base, mine)) return { value: theirs, conflicts: [] };
  if (isRecord(mine) && isRecord(theirs)) return mergeRecords(isRecord(base) ? base : {}, mine, theirs, path);
  if (isOfRows(mine) && isOfRows(theirs)) return mergeRows(isOfRows(base) ? base : [], mine, theirs, path);
  return { value: mine, conflicts: [{ path, theirs }] };
}

function mergeRecords(base: JsonRecord, mine: JsonRecord, theirs: JsonRecord, path: Path): Merged {
  const keys = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
  const merged = keys.map((key) => [key, merge(base[key], mine[key], theirs[key], [...path, key])] as const);
  const present = merged.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value] as const]));
  return { value: Object.fromEntries(present), conflicts: merged.flatMap(([, { conflicts }]) => conflicts) };
}

function mergeRows(base: readonly JsonRecord[], mine: readonly JsonRecord[], theirs: readonly JsonRecord[], path: Path): Merged {
  const find = (rows: readonly JsonRecord[], id: string): JsonRecord | undefined => rows.find((row) => row["id"] === id);
  const ids = (rows: readonly JsonRecord[]): string[] => rows.flatMap((row) => idOf(row) ?? []);
  const conflicts: Conflict[] = [];
  const rowOf = (id: string): Json | undefined => {
    const merged = merge(find(base, id), find(mine, id), find(theirs, id), [...path, id]);
    conflicts.push(...merged.conflicts);
    return merged.value;
  };
  const isReordered = !isSame(ids(mine).filter((id) => find(base, id)), ids(base).filter((id) => find(mine, id)));
  const [first, second] = isReordered ? [ids(mine), ids(theirs)] : [ids(theirs), ids(mine)];
  const order = withNewcomers(first, second);
  const value = order.flatMap((id) => rowOf(id) ?? []);
  return { value, conflicts };
}

/** The order of the first list; what only the second has comes after the row it stood behind. */
function withNewcomers(first: readonly string[], second: readonly string[]): readonly string[] {
  let order = first;
  for (const [index, id] of second.entries()) {
    if (order.includes(id)) continue;
    const before = second.slice(0, index).findLast((other) => order.includes(other));
    order = order.toSpliced(before === undefined ? 0 : order.indexOf(before) + 1, 0, id);
  }
  return order;
}

export function readAt(value: Maybe, path: Path): Maybe {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (isList(value)) return readAt(value.find((row) => idOf(row) === first), rest);
  return isRecord(value) ? readAt(value[first], rest) : undefined;
}

/** The value with another one at the path; `undefined` takes the thing away. */
export function writeAt(value: Maybe, path: Path, next: Maybe): Maybe {
  const [first, ...rest] = path;
  if (first === undefined) return next;
  if (isList(value)) {
    if (!value.some((row) => idOf(row) === first)) return next === undefined ? value : [...value, ...(rest.length === 0 ? [next] : [])];
    return value.flatMap((row) => (idOf(row) === first ? (writeAt(row, rest, next) ?? []) : [row]));
  }
  const record = isRecord(value) ? value : {};
  const inner = writeAt(record[first], rest, next);
  const others = Object.entries(record).filter(([key]) => key !== first);
  return inner === undefined ? Object.fromEntries(others) : { ...record, [first]: inner };
}

export const isUnder = (path: Path, root: Path): boolean => root.every((part, index) => path[index] === part);
