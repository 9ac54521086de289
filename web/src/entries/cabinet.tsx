// The organiser's cabinet. Puts the real parts together and shows them.
import "virtual:stage-zones.css";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/icons.css";
import "../styles/stage.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { cabinetApi } from "../api/cabinet";
import { keepingApi } from "../api/cabinetKeeping";
import { browserRoute } from "../features/cabinet/address";
import { CabinetPage } from "../features/cabinet/CabinetPage";
import { Session } from "../features/cabinet/session";
import { LanguageProvider, languageOf } from "../i18n/LanguageContext";

function start(place: HTMLElement): void {
  const offsetMs = Date.parse(place.dataset["now"] ?? "") - Date.now();
  const session = new Session(cabinetApi);
  session.onOtherPerson = () => location.reload();
  const cabinet = { api: cabinetApi, keeping: keepingApi, route: browserRoute(), session, nowMs: () => Date.now() + (Number.isNaN(offsetMs) ? 0 : offsetMs) };
  createRoot(place).render(
    <StrictMode>
      <LanguageProvider initial={languageOf(place.dataset["language"], true)}>
        <CabinetPage cabinet={cabinet} />
      </LanguageProvider>
    </StrictMode>,
  );
  void session.open();
}

const place = document.getElementById("cabinet");
if (place) start(place);
