import { describe, expect, test } from "vitest";

import { ApiError } from "../../api/client";
import { Session, type SessionDoor } from "./session";

const ANNA = { id: "account-1", login: "anna", name: "Анна Ковалевич", role: "organiser", organisation: null, language: null, has_openid: false, disabled_at: null, version: 1, assignments: [], can_plan: true, can_keep_accounts: false } as const;
const OLEG = { ...ANNA, id: "account-2", name: "Олег Демидович" };
const refuse = (code: string, status: number | null) => () => Promise.reject(new ApiError(code, status));
const aDoor = (change: Partial<SessionDoor> = {}): SessionDoor => ({
  readAccount: () => Promise.resolve(ANNA),
  signIn: () => Promise.resolve(ANNA),
  signOut: () => Promise.resolve(),
  readWays: () => Promise.resolve({ openid: null }),
  ...change,
});

describe("a session", () => {
  test("opens to those who have one and asks the others", async () => {
    const known = new Session(aDoor());
    await known.open();
    expect(known.snapshot()).toMatchObject({ step: "signedIn", account: ANNA });
    const stranger = new Session(aDoor({ readAccount: refuse("not_signed_in", 401) }));
    await stranger.open();
    expect(stranger.snapshot().step).toBe("signedOut");
  });

  test("offers the organisation's own provider where there is one, and the password in any case", async () => {
    const provider = { name: "Ministry", address: "/openid/start" };
    const offered = new Session(aDoor({ readAccount: refuse("not_signed_in", 401), readWays: () => Promise.resolve({ openid: provider }) }));
    await offered.open();
    expect(offered.snapshot()).toMatchObject({ step: "signedOut", provider });
    const silent = new Session(aDoor({ readAccount: refuse("not_signed_in", 401), readWays: refuse("unreachable", null) }));
    await silent.open();
    expect(silent.snapshot()).toMatchObject({ step: "signedOut", provider: null, refusal: null });
  });

  test("a server that cannot be reached is not a closed door", async () => {
    const session = new Session(aDoor({ readAccount: refuse("unreachable", null) }));
    await session.open();
    expect(session.snapshot().step).toBe("unreachable");
  });

  test("a refused password keeps the form and says why", async () => {
    const session = new Session(aDoor({ readAccount: refuse("not_signed_in", 401), signIn: refuse("sign_in_refused", 401) }));
    await session.open();
    await session.signIn("anna", "wrong");
    expect(session.snapshot()).toMatchObject({ step: "signedOut", isBusy: false });
    expect(session.snapshot().refusal?.code).toBe("sign_in_refused");
  });

  test("ended under somebody's hands it keeps the page and asks over it", async () => {
    const session = new Session(aDoor());
    await session.open();
    await expect(session.run(refuse("not_signed_in", 401))).rejects.toThrow(ApiError);
    expect(session.snapshot()).toMatchObject({ step: "signedIn", hasEnded: true });
    await session.signIn("anna", "right");
    expect(session.snapshot().hasEnded).toBe(false);
  });

  test("another person who signs in over the page begins anew", async () => {
    const session = new Session(aDoor({ signIn: () => Promise.resolve(OLEG) }));
    let beganAnew = false;
    session.onOtherPerson = () => (beganAnew = true);
    await session.open();
    await session.run(refuse("not_signed_in", 401)).catch(() => undefined);
    await session.signIn("oleg", "right");
    expect(beganAnew).toBe(true);
  });

  test("who signs out is out, even where the session was over already", async () => {
    const session = new Session(aDoor({ signOut: refuse("not_signed_in", 401) }));
    await session.open();
    await session.signOut();
    expect(session.snapshot()).toMatchObject({ step: "signedOut", account: null });
  });
});
