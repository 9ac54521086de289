import { useSyncExternalStore } from "react";

interface Watchable<T> {
  readonly subscribe: (listener: () => void) => () => void;
  readonly snapshot: () => T;
}

export const useObservable = <T,>(observable: Watchable<T>): T => useSyncExternalStore(observable.subscribe, observable.snapshot);
