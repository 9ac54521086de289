"""The system's Chromium with devices that are not there, and what a test asks of its connections.

Every context keeps a list of what it asked for, so that a request to any other host fails the
test that made it, whatever the test was about.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

PATIENCE_MS: Final = 60_000
"""How long anything may take on a crowded machine; tests about speed measure for themselves."""

# Playwright's own five seconds for an expectation are a bar of speed that nobody has set.
expect.set_options(timeout=PATIENCE_MS)

_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_DEVICES: Final = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
_FREE_SOUND: Final = "--autoplay-policy=no-user-gesture-required"

_AXE: Final = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"

_WATCH_CONNECTIONS: Final = """
window.veche = { connections: [], captures: [] };
const Native = window.RTCPeerConnection;
window.RTCPeerConnection = new Proxy(Native, {
  construct(target, args) {
    const connection = new target(...args);
    window.veche.connections.push(connection);
    return connection;
  },
});
for (const name of ["getUserMedia", "getDisplayMedia"]) {
  const devices = navigator.mediaDevices;
  if (!devices || !devices[name]) continue;
  const native = devices[name].bind(devices);
  devices[name] = (...args) => {
    window.veche.captures.push(name);
    return native(...args);
  };
}
"""

_STATS: Final = """
async (type) => {
  const open = window.veche.connections.filter((one) => one.connectionState !== "closed");
  const reports = await Promise.all(open.map((one) => one.getStats()));
  return reports.flatMap((report) => [...report.values()].filter((one) => one.type === type));
}
"""


def launch(
    chromium: BrowserType, *, has_devices: bool = True, plays_freely: bool = True
) -> Browser:
    path = shutil.which("chromium")
    assert path, "the browser tests need the system's Chromium"
    flags = [*_FLAGS, *(_DEVICES if has_devices else ()), *([_FREE_SOUND] if plays_freely else ())]
    return chromium.launch(executable_path=path, args=flags)


@contextmanager
def window(browser: Browser, origin: str, **options: Any) -> Iterator[Page]:
    """A page of its own browser profile that may speak with `origin` only."""
    strangers: list[str] = []
    context: BrowserContext = browser.new_context(
        **{"locale": "ru-RU", "viewport": {"width": 1280, "height": 800}, **options}
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(_WATCH_CONNECTIONS)
    allowed = urlsplit(origin).netloc

    def note(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"data", "blob"} and parts.netloc != allowed:
            strangers.append(address)

    context.on("request", lambda request: note(request.url))
    page = context.new_page()
    page.on("websocket", lambda socket: note(socket.url))
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert strangers == [], "the page asked another host"
    assert errors == []


def stats(page: Page, kind: str) -> list[dict[str, Any]]:
    """Reports of one kind (inbound-rtp, outbound-rtp, ...) of all open connections."""
    found: list[dict[str, Any]] = page.evaluate(_STATS, kind)
    return found


def inbound(page: Page, media: str) -> list[dict[str, Any]]:
    return [report for report in stats(page, "inbound-rtp") if report["kind"] == media]


def captures(page: Page) -> list[str]:
    """Which devices the page has asked for."""
    asked: list[str] = page.evaluate("window.veche.captures")
    return asked


def barriers(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, one line each."""
    page.evaluate(_AXE.read_text("utf-8"))
    violations: list[dict[str, Any]] = page.evaluate(
        """async () => (await axe.run(document, {
             runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
           })).violations"""
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in violations
        for node in one["nodes"]
    ]


def sideways_px(page: Page) -> int:
    """By how much the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return width
