// One meeting under somebody's hands: what the server has, what is typed, and how the second becomes the first.
//
// Promises: what is typed is kept in this browser before it is sent, and is sent by itself soon after; it outlives a lost
// line, a closed page and an ended session. Each step is saved apart, so that a refusal of one keeps no other waiting. What
// somebody else saved meanwhile is taken over, and where both wrote different things both are shown until one is chosen.
import { ApiError } from "../../../api/client";
import { Observable } from "../../../media/observable";
import { isSame, merge, readAt, writeAt, type Conflict, type Json, type Path } from "./merge";

/** Steps by their name, each plain JSON. */
export type Steps = Readonly<Record<string, Json>>;

/** What the server has, in one version. */
export interface Whole<S extends Steps> {
  readonly version: number;
  readonly steps: S;
}

/** What this browser keeps of a meeting until the server has it. */
export interface Kept<S extends Steps> {
  readonly base: Whole<S>;
  readonly mine: S;
}

export interface DraftDoor<S extends Steps, W extends Whole<S>> {
  readonly save: (step: keyof S & string, value: S, version: number) => Promise<W>;
  readonly read: () => Promise<W>;
  /** The whole newer value in a refused save, or null where there is none. */
  readonly newerIn: (refusal: ApiError) => { readonly whole: W; readonly by: string; readonly atMs: number } | null;
  readonly memory: { readonly load: () => Kept<S> | null; readonly keep: (kept: Kept<S> | null) => void };
  readonly nowMs: () => number;
}

type Saving = "saved" | "typing" | "saving" | "waiting" | "refused" | "conflict";

export interface DraftState<S extends Steps, W extends Whole<S>> {
  readonly whole: W;
  readonly mine: S;
  readonly saving: Saving;
  readonly savedAtMs: number | null;
  readonly conflicts: readonly Conflict[];
  /** Who wrote what `conflicts` show. */
  readonly other: { readonly by: string; readonly atMs: number } | null;
  /** Of a refused step, reasons by field as the server names it: `roster[3].email`. */
  readonly problems: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly refusal: string | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A pause in typing; a change is on its way before a person looks up at the word. */
const SAVE_AFTER_MS = 800;
const RETRY_FIRST_MS = 2_000;
const RETRY_LONGEST_MS = 30_000;
/** Changes of one field closer than this are undone together: words, not letters. */
const ONE_CHANGE_MS = 1_500;
export const UNDO_MAX = 100;

export class Draft<S extends Steps, W extends Whole<S>> extends Observable<DraftState<S, W>> {
  private past: S[] = [];
  private future: S[] = [];
  private lastChange = { place: "", atMs: Number.NEGATIVE_INFINITY };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retryMs = RETRY_FIRST_MS;
  private isSaving = false;
  private isClosed = false;
  /** Steps whose value the server has refused: not sent again before they change. */
  private readonly refused = new Map<string, Json>();

  constructor(whole: W, private readonly door: DraftDoor<S, W>) {
    super({ whole, mine: whole.steps, saving: "saved", savedAtMs: null, conflicts: [], other: null, problems: {}, refusal: null, canUndo: false, canRedo: false });
    const kept = door.memory.load();
    if (!kept) return;
    const merged = merge(kept.base.steps, kept.mine, whole.steps);
    this.change({ mine: merged.value as S, conflicts: merged.conflicts, saving: merged.conflicts.length > 0 ? "conflict" : "typing" });
    this.keepAndSaveSoon();
  }

  readonly write = (path: Path, value: Json | undefined): void => {
    // Words come letter by letter and are undone as words; a list changes by whole acts, each undone by itself.
    this.writeWhole(writeAt(this.snapshot().mine, path, value) as S, Array.isArray(value) ? "" : path.join("/"));
    const conflicts = this.snapshot().conflicts;
    if (conflicts.length > 0) this.settle(conflicts.filter((conflict) => !isSame(readAt(this.snapshot().mine, conflict.path), conflict.theirs)));
  };

  readonly undo = (): void => this.travel(this.past, this.future);
  readonly redo = (): void => this.travel(this.future, this.past);

  /** Chooses between one's own words and the other's. */
  readonly choose = (conflict: Conflict, isTheirs: boolean): void => {
    if (isTheirs) this.writeWhole(writeAt(this.snapshot().mine, conflict.path, conflict.theirs) as S, "");
    this.settle(this.snapshot().conflicts.filter((other) => other !== conflict));
  };

  readonly chooseAll = (isTheirs: boolean): void => {
    for (const conflict of this.snapshot().conflicts) this.choose(conflict, isTheirs);
  };

  /** Looks whether somebody else has saved; one's own changes stay. */
  readonly refresh = async (): Promise<void> => {
    if (this.isSaving || this.isClosed) return;
    try {
      const whole = await this.door.read();
      if (whole.version > this.snapshot().whole.version) this.takeOver(whole, null);
      else if (whole.version === this.snapshot().whole.version) this.change({ whole });
    } catch {
      return; // The next save or the next look will tell.
    }
  };

  /** Another act of this page has changed the meeting, and this is what came of it. */
  readonly replaceWhole = (whole: W): void => this.takeOver(whole, null);

  /** Sends at once what waits; resolves when the server has all of it or has refused. */
  readonly saveNow = async (): Promise<void> => {
    clearTimeout(this.timer);
    await this.save();
  };

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private writeWhole(mine: S, place: string): void {
    const state = this.snapshot();
    if (isSame(mine, state.mine)) return;
    const nowMs = this.door.nowMs();
    const isSameChange = place !== "" && place === this.lastChange.place && nowMs - this.lastChange.atMs < ONE_CHANGE_MS;
    if (!isSameChange) this.past = [...this.past, state.mine].slice(-UNDO_MAX);
    this.future = [];
    this.lastChange = { place, atMs: nowMs };
    this.change({ mine, canUndo: true, canRedo: false });
    this.keepAndSaveSoon();
  }

  private travel(from: S[], to: S[]): void {
    const mine = from.pop();
    if (!mine) return;
    to.push(this.snapshot().mine);
    this.lastChange = { place: "", atMs: Number.NEGATIVE_INFINITY };
    this.change({ mine, canUndo: this.past.length > 0, canRedo: this.future.length > 0 });
    this.keepAndSaveSoon();
  }

  private settle(conflicts: readonly Conflict[]): void {
    this.change({ conflicts, other: conflicts.length > 0 ? this.snapshot().other : null });
    this.keepAndSaveSoon();
  }

  private changedSteps(): (keyof S & string)[] {
    const { mine, whole } = this.snapshot();
    return Object.keys(mine).filter((step) => !isSame(mine[step], whole.steps[step]));
  }

  private keepAndSaveSoon(): void {
    const { mine, whole, conflicts } = this.snapshot();
    const changed = this.changedSteps();
    this.door.memory.keep(changed.length > 0 ? { base: { version: whole.version, steps: whole.steps }, mine } : null);
    if (conflicts.length > 0) {
      this.change({ saving: "conflict" });
      return;
    }
    if (this.isSaving) return;
    const isToSend = changed.some((step) => !this.isRefused(step));
    this.change({ saving: isToSend ? "typing" : changed.length > 0 ? "refused" : "saved" });
    this.schedule(SAVE_AFTER_MS);
  }

  private isRefused(step: string): boolean {
    return this.refused.has(step) && isSame(this.refused.get(step), this.snapshot().mine[step]);
  }

  private schedule(delayMs: number): void {
    clearTimeout(this.timer);
    if (!this.isClosed) this.timer = setTimeout(() => void this.save(), delayMs);
  }

  private async save(): Promise<void> {
    if (this.isSaving || this.snapshot().conflicts.length > 0) return;
    const step = this.changedSteps().find((name) => !this.isRefused(name));
    if (step === undefined) return;
    this.isSaving = true;
    this.change({ saving: "saving" });
    const sent = this.snapshot().mine;
    try {
      const whole = await this.door.save(step, sent, this.snapshot().whole.version);
      this.retryMs = RETRY_FIRST_MS;
      this.refused.delete(step);
      this.isSaving = false;
      this.savedAs(step, sent, whole);
    } catch (error) {
      this.isSaving = false;
      this.failed(step, sent, error);
      return;
    }
    await this.save();
  }

  /** The server's form of what was sent is the new ground; what was typed since stays on it. */
  private savedAs(step: keyof S & string, sent: S, whole: W): void {
    const mine = this.snapshot().mine;
    const merged = merge(sent[step], mine[step], whole.steps[step]);
    const problems = Object.fromEntries(Object.entries(this.snapshot().problems).filter(([refused]) => refused !== step));
    this.rebaseHistory(sent, { ...sent, [step]: whole.steps[step] });
    this.change({ whole, mine: { ...mine, [step]: merged.value ?? null }, savedAtMs: this.door.nowMs(), problems, refusal: null });
    this.keepAndSaveSoon();
  }

  private failed(step: keyof S & string, sent: S, error: unknown): void {
    const refusal = error instanceof ApiError ? error : new ApiError("internal_error", null, { cause: error });
    const newer = this.door.newerIn(refusal);
    if (newer) {
      this.takeOver(newer.whole, { by: newer.by, atMs: newer.atMs });
      return;
    }
    // An ended session is asked for again over the page; until then it is like a lost line.
    if (refusal.isPassing || refusal.status === 401) {
      this.change({ saving: "waiting" });
      this.schedule(this.retryMs);
      this.retryMs = Math.min(this.retryMs * 2, RETRY_LONGEST_MS);
      return;
    }
    this.refused.set(step, sent[step] ?? null);
    this.change({ problems: { ...this.snapshot().problems, [step]: refusal.fields }, refusal: refusal.code, saving: "refused" });
    this.keepAndSaveSoon();
  }

  private takeOver(whole: W, other: DraftState<S, W>["other"]): void {
    const state = this.snapshot();
    const merged = merge(state.whole.steps, state.mine, whole.steps);
    this.rebaseHistory(state.whole.steps, whole.steps);
    this.change({ whole, mine: merged.value as S, conflicts: merged.conflicts, other });
    this.keepAndSaveSoon();
  }

  /** Undoing takes back one's own changes and never what somebody else has saved since. */
  private rebaseHistory(from: S, to: S): void {
    const rebase = (step: S): S => merge(from, step, to).value as S;
    this.past = this.past.map(rebase);
    this.future = this.future.map(rebase);
  }
}
