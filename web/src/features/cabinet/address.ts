// Where in the cabinet one is, as an address: every page and every step can be opened, kept and sent.
import { Observable } from "../../media/observable";

export const STEPS = ["substance", "sides", "roster", "programme", "access", "agreement"] as const;
export type StepKey = (typeof STEPS)[number];

const CARD_PAGES = [...STEPS, "letters", "history"] as const;
export type CardPage = (typeof CARD_PAGES)[number];
const PLAIN_PAGES = ["directory", "templates", "users", "account"] as const;

export type Address =
  | { readonly page: "meetings" | "unknown" | (typeof PLAIN_PAGES)[number] }
  | { readonly page: "meeting"; readonly number: number; readonly card: CardPage };

const ROOT = "/cabinet";

export function readAddress(path: string): Address {
  const [first, second, third, ...rest] = path.replace(/\/+$/, "").slice(ROOT.length).split("/").slice(1);
  if (first === undefined) return { page: "meetings" };
  const plain = PLAIN_PAGES.find((name) => name === first);
  if (plain && second === undefined) return { page: plain };
  const number = Number(second);
  const card = third === undefined ? "substance" : CARD_PAGES.find((name) => name === third);
  if (first === "meetings" && Number.isInteger(number) && number > 0 && card && rest.length === 0) return { page: "meeting", number, card };
  return { page: "unknown" };
}

export function writeAddress(address: Address): string {
  if (address.page === "meeting") return `${ROOT}/meetings/${address.number}/${address.card}`;
  return address.page === "meetings" || address.page === "unknown" ? ROOT : `${ROOT}/${address.page}`;
}

interface History {
  readonly location: { readonly pathname: string };
  pushState(data: unknown, unused: string, url: string): void;
  onPop(listener: () => void): void;
}

/** The browser's own history, seen as one value. */
export class Route extends Observable<{ readonly address: Address }> {
  constructor(private readonly history: History) {
    super({ address: readAddress(history.location.pathname) });
    history.onPop(() => this.change({ address: readAddress(history.location.pathname) }));
  }

  readonly go = (address: Address): void => {
    this.history.pushState(null, "", writeAddress(address));
    this.change({ address });
  };
}

export const browserRoute = (): Route =>
  new Route({ location, pushState: (data, unused, url) => history.pushState(data, unused, url), onPop: (listener) => addEventListener("popstate", listener) });
