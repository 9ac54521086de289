import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { ApiError } from "../../../api/client";
import { Draft, UNDO_MAX, type DraftDoor, type Kept, type Whole } from "./draft";

type Plan = { readonly substance: { readonly title: string; readonly minutes: number }; readonly roster: readonly { readonly id: string; readonly name: string }[] };
type PlanWhole = Whole<Plan>;

const FIRST: PlanWhole = { version: 1, steps: { substance: { title: "День единения", minutes: 90 }, roster: [{ id: "a", name: "Попков" }] } };

/** A server of one meeting, with somebody else who may save between. */
class Server {
  whole = FIRST;
  saves: string[] = [];
  refusals: ApiError[] = [];
  kept: Kept<Plan> | null = null;
  private until: Promise<void> = Promise.resolve();

  pause(): () => void {
    let goOn: () => void = () => undefined;
    this.until = new Promise((resolve) => (goOn = resolve));
    return goOn;
  }

  other(change: Partial<Plan>): void {
    this.whole = { version: this.whole.version + 1, steps: { ...this.whole.steps, ...change } };
  }

  door: DraftDoor<Plan, PlanWhole> = {
    save: async (step, value, version) => {
      await this.until;
      const refusal = this.refusals.shift();
      if (refusal) throw refusal;
      if (version !== this.whole.version) throw new ApiError("changed_meanwhile", 409, undefined, {}, this.whole);
      this.saves.push(step);
      this.whole = { version: version + 1, steps: { ...this.whole.steps, [step]: value[step] } };
      return this.whole;
    },
    read: () => Promise.resolve(this.whole),
    newerIn: (refusal) => (refusal.code === "changed_meanwhile" ? { whole: refusal.body as PlanWhole, by: "Олег Демидович", atMs: 5 } : null),
    memory: { load: () => this.kept, keep: (kept) => void (this.kept = kept) },
    nowMs: () => Date.now(),
  };
}

const settle = () => vi.advanceTimersByTimeAsync(1_000);

describe("a meeting under somebody's hands", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("is saved by itself after a pause, only the step that changed", async () => {
    const server = new Server();
    const draft = new Draft(FIRST, server.door);
    draft.write(["substance", "title"], "День единения народов");
    expect(draft.snapshot().saving).toBe("typing");
    await settle();
    expect(server.saves).toEqual(["substance"]);
    expect(server.whole.steps.substance.title).toBe("День единения народов");
    expect(draft.snapshot().saving).toBe("saved");
    expect(server.kept).toBeNull();
  });

  test("what is typed during a save stays and is saved next", async () => {
    const server = new Server();
    const draft = new Draft(FIRST, server.door);
    const goOn = server.pause();
    draft.write(["substance", "title"], "А");
    await settle();
    expect(draft.snapshot().saving).toBe("saving");
    draft.write(["substance", "title"], "АБ");
    goOn();
    await settle();
    expect(draft.snapshot().mine.substance.title).toBe("АБ");
    expect(server.whole.steps.substance.title).toBe("АБ");
  });

  test("a lost line loses nothing: kept here, asked again, and sent when it is back", async () => {
    const server = new Server();
    server.refusals = [new ApiError("unreachable", null), new ApiError("unavailable", 503)];
    const draft = new Draft(FIRST, server.door);
    draft.write(["substance", "title"], "А");
    await settle();
    expect(draft.snapshot().saving).toBe("waiting");
    expect(server.kept?.mine.substance.title).toBe("А");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(draft.snapshot().saving).toBe("saved");
    expect(server.whole.steps.substance.title).toBe("А");
  });

  test("an ended session is like a lost line", async () => {
    const server = new Server();
    server.refusals = [new ApiError("not_signed_in", 401)];
    const draft = new Draft(FIRST, server.door);
    draft.write(["substance", "title"], "А");
    await settle();
    expect(draft.snapshot().saving).toBe("waiting");
  });

  test("a page opened again has what the last one could not send", async () => {
    const server = new Server();
    server.kept = { base: FIRST, mine: { ...FIRST.steps, substance: { title: "Не отправлено", minutes: 90 } } };
    const draft = new Draft(FIRST, server.door);
    expect(draft.snapshot().mine.substance.title).toBe("Не отправлено");
    await settle();
    expect(server.whole.steps.substance.title).toBe("Не отправлено");
  });

  test("what another changed elsewhere is taken over without a question", async () => {
    const server = new Server();
    const draft = new Draft(FIRST, server.door);
    server.other({ substance: { title: "День единения", minutes: 100 } });
    draft.write(["substance", "title"], "Мой");
    await vi.advanceTimersByTimeAsync(3_000);
    expect(server.whole.steps.substance).toEqual({ title: "Мой", minutes: 100 });
    expect(draft.snapshot()).toMatchObject({ saving: "saved", conflicts: [] });
  });

  test("where both wrote, both are shown, nothing is sent, and a choice goes on", async () => {
    const server = new Server();
    const draft = new Draft(FIRST, server.door);
    server.other({ substance: { title: "Его", minutes: 90 } });
    draft.write(["substance", "title"], "Мой");
    await vi.advanceTimersByTimeAsync(3_000);
    const { conflicts, other, saving, mine } = draft.snapshot();
    expect({ saving, conflicts, other, title: mine.substance.title }).toEqual({
      saving: "conflict",
      conflicts: [{ path: ["substance", "title"], theirs: "Его" }],
      other: { by: "Олег Демидович", atMs: 5 },
      title: "Мой",
    });
    expect(server.whole.steps.substance.title).toBe("Его");
    const [conflict] = conflicts;
    if (conflict) draft.choose(conflict, false);
    await settle();
    expect(server.whole.steps.substance.title).toBe("Мой");
  });

  test("the other's words can be taken, and typing them oneself settles it too", async () => {
    for (const take of [(draft: Draft<Plan, PlanWhole>) => draft.chooseAll(true), (draft: Draft<Plan, PlanWhole>) => draft.write(["substance", "title"], "Его")]) {
      const server = new Server();
      const draft = new Draft(FIRST, server.door);
      server.other({ substance: { title: "Его", minutes: 90 } });
      draft.write(["substance", "title"], "Мой");
      await vi.advanceTimersByTimeAsync(3_000);
      take(draft);
      await settle();
      expect(draft.snapshot()).toMatchObject({ saving: "saved", conflicts: [] });
      expect(server.saves).toEqual([]);
    }
  });

  test("a refused step is told by field, keeps what was typed, and holds up no other step", async () => {
    const server = new Server();
    server.refusals = [new ApiError("fields_refused", 422, undefined, { minutes: "too_long" })];
    const draft = new Draft(FIRST, server.door);
    draft.write(["substance", "minutes"], 9_999);
    draft.write(["roster", "a", "name"], "Попков Сергей");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(draft.snapshot()).toMatchObject({ saving: "refused", problems: { substance: { minutes: "too_long" } } });
    expect(draft.snapshot().mine.substance.minutes).toBe(9_999);
    expect(server.saves).toEqual(["roster"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.saves).toEqual(["roster"]);
    draft.write(["substance", "minutes"], 95);
    await settle();
    expect(draft.snapshot()).toMatchObject({ saving: "saved", problems: {} });
  });

  test("undo goes back by words and not by letters, and is saved like any change", async () => {
    const server = new Server();
    const draft = new Draft(FIRST, server.door);
    for (const title of ["Н", "Но", "Нов"]) draft.write(["substance", "title"], title);
    draft.write(["substance", "minutes"], 95);
    draft.undo();
    expect(draft.snapshot().mine.substance).toEqual({ title: "Нов", minutes: 90 });
    draft.undo();
    expect(draft.snapshot()).toMatchObject({ mine: FIRST.steps, canUndo: false, canRedo: true });
    draft.redo();
    await settle();
    expect(server.whole.steps.substance.title).toBe("Нов");
  });

  test("each act on a list is undone by itself, however fast they follow", () => {
    const draft = new Draft(FIRST, new Server().door);
    const [first] = FIRST.steps.roster;
    draft.write(["roster"], [...FIRST.steps.roster, { id: "b", name: "Ветрова" }]);
    draft.write(["roster"], [{ id: "b", name: "Ветрова" }, ...(first ? [first] : [])]);
    draft.undo();
    expect(draft.snapshot().mine.roster.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("undo takes back one's own changes and never what another has saved since", async () => {
    const server = new Server();
    const draft = new Draft(FIRST, server.door);
    draft.write(["substance", "title"], "Мой");
    await settle();
    server.other({ roster: [{ id: "a", name: "Попков Сергей" }] });
    await draft.refresh();
    draft.undo();
    expect(draft.snapshot().mine).toEqual({ substance: FIRST.steps.substance, roster: [{ id: "a", name: "Попков Сергей" }] });
  });

  test("only so many changes can be undone", () => {
    const draft = new Draft(FIRST, new Server().door);
    for (let minutes = 0; minutes < UNDO_MAX + 5; minutes += 1) {
      vi.setSystemTime(Date.now() + 5_000);
      draft.write(["substance", "minutes"], minutes);
    }
    let undone = 0;
    while (draft.snapshot().canUndo) {
      draft.undo();
      undone += 1;
    }
    expect(undone).toBe(UNDO_MAX);
  });

  test("a look at the server brings what others saved", async () => {
    const server = new Server();
    const draft = new Draft(FIRST, server.door);
    server.other({ roster: [{ id: "a", name: "Попков Сергей" }] });
    await draft.refresh();
    expect(draft.snapshot().mine.roster[0]?.name).toBe("Попков Сергей");
    expect(draft.snapshot().saving).toBe("saved");
  });
});
