// What a page asks the server for before it can show itself: awaited, had, or failed with a way to ask again. An answer to
// a question that is no longer asked is dropped.
import { useCallback, useEffect, useState } from "react";

import { ApiError } from "../../api/client";
import { useCabinet } from "./cabinet";

export type Answer<T> =
  | { readonly state: "awaited"; readonly value: T | null }
  | { readonly state: "had"; readonly value: T }
  | { readonly state: "failed"; readonly value: T | null; readonly refusal: ApiError };

/** `question` must be the same function for the same question (`useCallback`). */
export function useAnswer<T>(question: () => Promise<T>): Answer<T> & { readonly again: () => void; readonly replace: (value: T) => void } {
  const { session } = useCabinet();
  const [answer, setAnswer] = useState<Answer<T>>({ state: "awaited", value: null });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let isAsked = true;
    session.run(question).then(
      (value) => isAsked && setAnswer({ state: "had", value }),
      (error: unknown) => {
        const refusal = error instanceof ApiError ? error : new ApiError("internal_error", null, { cause: error });
        if (isAsked) setAnswer((before) => ({ state: "failed", value: before.value, refusal }));
      },
    );
    return () => {
      isAsked = false;
    };
  }, [session, question, times]);
  return { ...answer, again: useCallback(() => setTimes((before) => before + 1), []), replace: useCallback((value: T) => setAnswer({ state: "had", value }), []) };
}
