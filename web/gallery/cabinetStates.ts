// Every state of the cabinet, reached by its real parts over a stand-in for the server.
import type { Account } from "../src/api/cabinet";
import { ApiError } from "../src/api/client";
import { Route } from "../src/features/cabinet/address";
import type { Cabinet } from "../src/features/cabinet/cabinet";
import { Session, type SessionDoor } from "../src/features/cabinet/session";

const NOW_MS = Date.parse("2016-03-30T13:20:00Z");
const ANNA: Account = { id: "account-1", login: "kovalevich", name: "Анна Ковалевич", role: "admin", organisation: "organisation-1" };
const forever = new Promise<never>(() => undefined);
const refused = (code: string, status: number | null) => () => Promise.reject(new ApiError(code, status));

interface Wish {
  readonly path: string;
  readonly door?: Partial<SessionDoor>;
  readonly then?: (session: Session) => Promise<void>;
}

const OUT: Partial<SessionDoor> = { readAccount: refused("not_signed_in", 401) };
const WISHES: Readonly<Record<string, Wish>> = {
  "cabinet-opening": { path: "/cabinet", door: { readAccount: () => forever } },
  "cabinet-unreachable": { path: "/cabinet", door: { readAccount: refused("unreachable", null) } },
  "cabinet-door": { path: "/cabinet", door: OUT },
  "cabinet-door-refused": { path: "/cabinet", door: { ...OUT, signIn: refused("sign_in_refused", 401) }, then: (session) => session.signIn("kovalevich", "wrong") },
  "cabinet-session-ended": { path: "/cabinet", then: (session) => session.run(refused("not_signed_in", 401)).catch(() => undefined) },
  "cabinet-list": { path: "/cabinet" },
};
export const CABINET_STATES = Object.keys(WISHES);

export function cabinetIn(state: string): Cabinet {
  const wish = WISHES[state] ?? { path: "/cabinet" };
  const session = new Session({ readAccount: () => Promise.resolve(ANNA), signIn: () => Promise.resolve(ANNA), signOut: () => Promise.resolve(), ...wish.door });
  void session.open().then(() => wish.then?.(session));
  const location = { pathname: wish.path };
  return { route: new Route({ location, pushState: (_data, _unused, url) => void (location.pathname = url), onPop: () => undefined }), session, nowMs: () => NOW_MS };
}
