"""Takes a picture of every state of every screen from the gallery, for people to look at.

    npx vite &                          # from web/
    python scripts/pictures.py OUT      # [--language be] [--states inside,check] [--sizes desk]

Sizes: `desk` 1280x800, `phone` 390x844, `large` the desk with the reader's text at 200 %.
Fails when a page scrolls sideways, logs an error, or asks another host for anything.
"""

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

GALLERY = "http://localhost:5173/assets/gallery.html"
SIZES = {"desk": (1280, 800, 1), "phone": (390, 844, 1), "large": (1280, 800, 2)}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
]
LOST_CARD_MS = 3_600
SETTLED_MS = 900


def take(
    browser: Browser, gallery: str, out: Path, state: str, size: str, language: str
) -> list[str]:
    width, height, text_scale = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, locale=language)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"{error}"))
    page.on(
        "request",
        lambda request: (
            urlsplit(request.url).hostname in {"localhost", None}
            or complaints.append(f"asks another host: {request.url}")
        ),
    )
    page.goto(f"{gallery}?state={state}&language={language}")
    if text_scale != 1:
        page.add_style_tag(content=f"html {{ font-size: {text_scale * 100}% }}")
    page.wait_for_timeout(LOST_CARD_MS if "lost-hall" in state else SETTLED_MS)
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if overflow > 0:
        complaints.append(f"scrolls sideways by {overflow} px")
    is_long = state == "parts" or state.startswith("cabinet")
    page.screenshot(
        path=out / f"{state}.{size}.{language}.png", full_page=size != "desk" or is_long
    )
    page.close()
    return complaints


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--language", default="ru")
    arguments.add_argument("--states", default="")
    arguments.add_argument("--sizes", default=",".join(SIZES))
    arguments.add_argument("--gallery", default=GALLERY)
    arguments.add_argument("--chromium", default="/usr/bin/chromium")
    wanted = arguments.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    failed = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=wanted.chromium, args=CHROMIUM_FLAGS)
        index = browser.new_page()
        index.goto(wanted.gallery)
        every = index.locator("#states a").all_inner_texts()
        index.close()
        for state in wanted.states.split(",") if wanted.states else every:
            for size in wanted.sizes.split(","):
                complaints = take(browser, wanted.gallery, wanted.out, state, size, wanted.language)
                for complaint in complaints:
                    failed = True
                    print(f"{state} {size}: {complaint}")
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
