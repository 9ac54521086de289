// The only code that asks the server's HTTP interface for anything. A refusal is an `ApiError` with the server's stable
// code; a server that cannot be reached, or answers with something else, is one with a code of ours. Pages choose their
// words by the code and never show what the server wrote.
import { joined, problem, watched, type Joined, type Watched } from "./contract";
import { ShapeError, type Decoder } from "./decode";

/** A join is a question of milliseconds: a server silent for longer is as good as gone, and the caller asks again. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Says that a page of ours asks: no form can send it, and no other site may. The server wants it with every session. */
const OWN_PAGE = { "X-Requested-With": "veche" };

export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly code: string,
    readonly status: number | null,
    options?: ErrorOptions,
    /** Reasons by the name of the field. */
    readonly fields: Readonly<Record<string, string>> = {},
    /** The whole answer, for refusals that carry more than a code. */
    readonly body: unknown = null,
  ) {
    super(`the server refused: ${code}`, options);
  }
  /** Whether the same question may get another answer a little later. */
  get isPassing(): boolean {
    return this.status === null || this.status === 429 || this.status >= 500;
  }
}

export interface Question {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  readonly body?: object;
  /** Sent as it is, with its own type, in place of JSON. */
  readonly file?: Blob;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

async function refusal(answer: Response): Promise<ApiError> {
  try {
    const body: unknown = await answer.json();
    const { code, fields } = problem(body);
    return new ApiError(code ?? "internal_error", answer.status, undefined, fields, body);
  } catch (error) {
    return new ApiError("internal_error", answer.status, { cause: error });
  }
}

async function reach(path: string, { method = "GET", body, file, headers, timeoutMs = ANSWER_TIMEOUT_MS }: Question): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers: { ...OWN_PAGE, ...(body && { "Content-Type": "application/json" }), ...(file && { "Content-Type": file.type || "application/octet-stream" }), ...headers },
      body: file ?? (body && JSON.stringify(body)),
      credentials: "same-origin",
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new ApiError("unreachable", null, { cause: error });
  }
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

/** Asks, and gives what was answered as a value of the shape. */
export async function ask<T>(path: string, shape: Decoder<T>, question: Question = {}): Promise<T> {
  const answer = await reach(path, question);
  try {
    return shape(await answer.json());
  } catch (error) {
    if (error instanceof ShapeError || error instanceof SyntaxError) throw new ApiError("misunderstood", answer.status, { cause: error });
    throw new ApiError("unreachable", null, { cause: error });
  }
}

/** Asks for an act whose answer says nothing but that it was done. */
export async function tell(path: string, question: Question): Promise<void> {
  await reach(path, question);
}

export const join = (secret: string): Promise<Joined> => ask("/api/v1/join", joined, { method: "POST", body: { secret } });

export const watch = (meetingNumber: number): Promise<Watched> => ask(`/api/v1/meetings/${meetingNumber}/watch`, watched, { method: "POST", body: {} });

const ROUND_TRIPS = 3;
/** The best of a few round trips to the server, in milliseconds. The first pays for the connection, so one is not enough. */
export async function measureRoundTripMs(): Promise<number> {
  let bestMs = Number.POSITIVE_INFINITY;
  for (let trip = 0; trip < ROUND_TRIPS; trip += 1) {
    const startedMs = performance.now();
    const answer = await fetch("/health/live", { cache: "no-store", signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    await answer.arrayBuffer();
    if (!answer.ok) throw new ApiError("unavailable", answer.status);
    bestMs = Math.min(bestMs, performance.now() - startedMs);
  }
  return bestMs;
}
