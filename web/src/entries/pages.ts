// Every server-rendered page: its styles, and the two conveniences that need a script. Pages are complete without it:
// whatever carries `data-needs-script` stays hidden until this has run.
//
//   <button data-action="copy-address" data-needs-script data-done="Адрес скопирован">  the words come from the page
//   <button data-action="print" data-needs-script>
import "virtual:stage-zones.css";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/icons.css";
import "../styles/stage.css";
import "../styles/public.css";
import "../styles/notices.css";
import "../styles/invitation.css";
import "../styles/sight.css";

function buttons(action: string): NodeListOf<HTMLElement> {
  return document.querySelectorAll<HTMLElement>(`[data-action="${action}"]`);
}

async function copyAddress(button: HTMLElement): Promise<void> {
  const address = document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href ?? location.href;
  await navigator.clipboard.writeText(address);
  const label = button.querySelector<HTMLElement>("[data-label]") ?? button;
  label.setAttribute("role", "status");
  label.textContent = button.dataset["done"] ?? label.textContent;
}

for (const button of buttons("print")) button.addEventListener("click", () => print());
for (const button of buttons("copy-address")) {
  // Browsers give a clipboard on a secure origin only, whatever the types say.
  if (!("clipboard" in navigator)) button.hidden = true;
  else button.addEventListener("click", () => void copyAddress(button));
}
document.documentElement.dataset["script"] = "";
