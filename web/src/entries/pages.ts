// Every server-rendered page: its styles, and the two conveniences that need a script. Pages are complete without it:
// whatever carries `data-needs-script` stays hidden until this has run.
//
//   <button data-action="contrast" data-needs-script aria-pressed="false">          more contrast, larger text; remembered
//   <button data-action="copy-address" data-needs-script data-done="Адрес скопирован">  the words come from the page
import "virtual:stage-zones.css";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/icons.css";
import "../styles/stage.css";
import "../styles/public.css";

const CONTRAST_KEY = "veche.contrast";
const root = document.documentElement;

function buttons(action: string): NodeListOf<HTMLElement> {
  return document.querySelectorAll<HTMLElement>(`[data-action="${action}"]`);
}

function showContrast(isMore: boolean): void {
  if (isMore) root.dataset["contrast"] = "more";
  else delete root.dataset["contrast"];
  for (const button of buttons("contrast")) button.setAttribute("aria-pressed", String(isMore));
}

/** The reader's choice lives in this browser only; where storage is refused it lives as long as the page. */
function remembered(): boolean {
  try {
    return localStorage.getItem(CONTRAST_KEY) === "more";
  } catch {
    return false;
  }
}

function remember(isMore: boolean): void {
  try {
    if (isMore) localStorage.setItem(CONTRAST_KEY, "more");
    else localStorage.removeItem(CONTRAST_KEY);
  } catch {
    return;
  }
}

async function copyAddress(button: HTMLElement): Promise<void> {
  const address = document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href ?? location.href;
  await navigator.clipboard.writeText(address);
  const label = button.querySelector<HTMLElement>("[data-label]") ?? button;
  label.setAttribute("role", "status");
  label.textContent = button.dataset["done"] ?? label.textContent;
}

showContrast(remembered());
for (const button of buttons("contrast")) {
  button.addEventListener("click", () => {
    const isMore = root.dataset["contrast"] !== "more";
    showContrast(isMore);
    remember(isMore);
  });
}
for (const button of buttons("copy-address")) {
  // Browsers give a clipboard on a secure origin only, whatever the types say.
  if (!("clipboard" in navigator)) button.hidden = true;
  else button.addEventListener("click", () => void copyAddress(button));
}
root.dataset["script"] = "";
