// The only code that asks the server's HTTP interface for anything. A refusal is an `ApiError` with the server's stable
// code; a server that cannot be reached, or answers with something else, is one with a code of ours. Pages choose their
// words by the code and never show what the server wrote.
import { joined, problem, watched, type Joined, type Watched } from "./contract";
import { ShapeError, type Decoder } from "./decode";

/** A join is a question of milliseconds: a server silent for longer is as good as gone, and the caller asks again. */
const ANSWER_TIMEOUT_MS = 10_000;

export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(readonly code: string, readonly status: number | null, options?: ErrorOptions) {
    super(`the server refused: ${code}`, options);
  }
  /** Whether the same question may get another answer a little later. */
  get isPassing(): boolean {
    return this.status === null || this.status === 429 || this.status >= 500;
  }
}

async function refusal(answer: Response): Promise<ApiError> {
  try {
    const { code } = problem(await answer.json());
    return new ApiError(code ?? "internal_error", answer.status);
  } catch (error) {
    return new ApiError("internal_error", answer.status, { cause: error });
  }
}

async function ask<T>(path: string, body: object, shape: Decoder<T>): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
  } catch (error) {
    throw new ApiError("unreachable", null, { cause: error });
  }
  if (!answer.ok) throw await refusal(answer);
  try {
    return shape(await answer.json());
  } catch (error) {
    if (error instanceof ShapeError || error instanceof SyntaxError) throw new ApiError("misunderstood", answer.status, { cause: error });
    throw new ApiError("unreachable", null, { cause: error });
  }
}

export const join = (secret: string): Promise<Joined> => ask("/api/v1/join", { secret }, joined);

export const watch = (meetingNumber: number): Promise<Watched> => ask(`/api/v1/meetings/${meetingNumber}/watch`, {}, watched);

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
