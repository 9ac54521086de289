// One immutable value that others watch. The shape is what React's useSyncExternalStore takes; nothing here knows React.

export class Observable<T> {
  private readonly listeners = new Set<() => void>();
  constructor(private value: T) {}

  readonly snapshot = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** Listeners hear of a change once it is whole. */
  protected change(change: Partial<T>): void {
    this.value = { ...this.value, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}
