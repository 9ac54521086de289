// Parsing at the edge: what the server sends becomes a value of a known type, or one error naming the place that is wrong.
// Fields nobody named are dropped, so a newer server may say more than this page understands.

export class ShapeError extends Error {
  override readonly name = "ShapeError";
  constructor(readonly path: string, expected: string) {
    super(`${path || "the answer"} is not ${expected}`);
  }
}

export type Decoder<T> = (value: unknown, path?: string) => T;
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whatever it is: for values of many kinds that are only shown. */
export const anything: Decoder<unknown> = (value) => value;

export const string: Decoder<string> = (value, path = "") => {
  if (typeof value !== "string") throw new ShapeError(path, "a string");
  return value;
};

export const number: Decoder<number> = (value, path = "") => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new ShapeError(path, "a number");
  return value;
};

export const boolean: Decoder<boolean> = (value, path = "") => {
  if (typeof value !== "boolean") throw new ShapeError(path, "true or false");
  return value;
};

export const instant: Decoder<number> = (value, path = "") => {
  const milliseconds = Date.parse(string(value, path));
  if (Number.isNaN(milliseconds)) throw new ShapeError(path, "a time");
  return milliseconds;
};

export function oneOf<const T extends string>(...names: readonly T[]): Decoder<T> {
  return (value, path = "") => {
    const found = names.find((name) => name === value);
    if (found === undefined) throw new ShapeError(path, `one of ${names.join(", ")}`);
    return found;
  };
}

export function nullable<T>(decoder: Decoder<T>): Decoder<T | null> {
  return (value, path = "") => (value === null || value === undefined ? null : decoder(value, path));
}

export function list<T>(decoder: Decoder<T>): Decoder<readonly T[]> {
  return (value, path = "") => {
    if (!Array.isArray(value)) throw new ShapeError(path, "a list");
    return value.map((item, index) => decoder(item, `${path}[${index}]`));
  };
}

type Fields = Record<string, Decoder<unknown>>;
export function record<F extends Fields>(fields: F): Decoder<{ readonly [K in keyof F]: Decoded<F[K]> }> {
  return (value, path = "") => {
    if (!isRecord(value)) throw new ShapeError(path, "an object");
    const entries = Object.entries(fields).map(([key, decoder]) => [key, decoder(value[key], path ? `${path}.${key}` : key)]);
    return Object.freeze(Object.fromEntries(entries)) as { readonly [K in keyof F]: Decoded<F[K]> };
  };
}

/** Values of one shape under names that nobody knows beforehand. */
export function dictionary<T>(decoder: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, path = "") => {
    if (!isRecord(value)) throw new ShapeError(path, "an object");
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, decoder(one, path ? `${path}.${key}` : key)]));
  };
}

/** A record whose every named field may be missing. */
export function partial<F extends Fields>(fields: F): Decoder<{ readonly [K in keyof F]?: Decoded<F[K]> }> {
  return (value, path = "") => {
    if (!isRecord(value)) throw new ShapeError(path, "an object");
    const present = Object.entries(fields).filter(([key]) => value[key] !== undefined && value[key] !== null);
    const entries = present.map(([key, decoder]) => [key, decoder(value[key], path ? `${path}.${key}` : key)]);
    return Object.freeze(Object.fromEntries(entries)) as { readonly [K in keyof F]?: Decoded<F[K]> };
  };
}
