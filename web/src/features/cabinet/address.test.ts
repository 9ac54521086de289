import { describe, expect, test } from "vitest";

import { readAddress, Route, writeAddress, type Address } from "./address";

describe("addresses of the cabinet", () => {
  test.each<[string, Address]>([
    ["/cabinet", { page: "meetings" }],
    ["/cabinet/", { page: "meetings" }],
    ["/cabinet/directory", { page: "directory" }],
    ["/cabinet/meetings/67", { page: "meeting", number: 67, card: "substance" }],
    ["/cabinet/meetings/67/roster", { page: "meeting", number: 67, card: "roster" }],
  ])("%s is understood", (path, address) => expect(readAddress(path)).toEqual(address));

  test.each(["/cabinet/nowhere", "/cabinet/meetings/x", "/cabinet/meetings/0", "/cabinet/meetings/67/nowhere", "/cabinet/meetings/67/roster/1", "/cabinet/users/2"])("%s is nothing", (path) =>
    expect(readAddress(path)).toEqual({ page: "unknown" }),
  );

  test("what is written can be read", () => {
    const address: Address = { page: "meeting", number: 67, card: "history" };
    expect(readAddress(writeAddress(address))).toEqual(address);
  });

  test("going writes the address, and the browser's way back is heard", () => {
    const location = { pathname: "/cabinet" };
    const back: (() => void)[] = [];
    const route = new Route({ location, pushState: (_data, _unused, url) => void (location.pathname = url), onPop: (listener) => void back.push(listener) });
    route.go({ page: "users" });
    expect(location.pathname).toBe("/cabinet/users");
    location.pathname = "/cabinet/meetings/67/sides";
    for (const listener of back) listener();
    expect(route.snapshot().address).toEqual({ page: "meeting", number: 67, card: "sides" });
  });
});
