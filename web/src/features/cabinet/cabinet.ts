// What every page of the cabinet is given: the way, the session and the day.
import { createContext, use, type MouseEvent } from "react";

import type { CabinetApi } from "../../api/cabinet";
import type { KeepingApi } from "../../api/cabinetKeeping";
import type { OwnAccountAnswer } from "../../api/shapes";
import { useObservable } from "../../ui/useObservable";
import { readAddress, type Address, type Route } from "./address";
import type { Session } from "./session";

export interface Cabinet {
  readonly api: CabinetApi;
  readonly keeping: KeepingApi;
  readonly route: Route;
  readonly session: Session;
  /** By the server's clock. */
  readonly nowMs: () => number;
}

export const CabinetContext = createContext<Cabinet | null>(null);

export function useCabinet(): Cabinet {
  const cabinet = use(CabinetContext);
  if (!cabinet) throw new Error("a page of the cabinet outside the cabinet");
  return cabinet;
}

export const useAddress = (): Address => useObservable(useCabinet().route).address;

/** The signed-in person; pages stand behind the door. */
export function useAccount(): OwnAccountAnswer {
  const { account } = useObservable(useCabinet().session);
  if (!account) throw new Error("a page of the cabinet before its door");
  return account;
}

/** Follows a link inside the page; a new tab, a window and a download are the browser's own. */
export function useFollow(): (event: MouseEvent<HTMLAnchorElement>) => void {
  const { route } = useCabinet();
  return (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    route.go(readAddress(event.currentTarget.pathname));
  };
}
