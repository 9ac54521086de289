// The page of a side's office, behind its link. Puts the real parts together and shows them.
import "virtual:stage-zones.css";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/icons.css";
import "../styles/stage.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { officeApi } from "../api/office";
import { Office } from "../features/office/office";
import { OfficePage } from "../features/office/OfficePage";
import { LanguageProvider, languageOf } from "../i18n/LanguageContext";

function start(place: HTMLElement): void {
  const offsetMs = Date.parse(place.dataset["now"] ?? "") - Date.now();
  const office = new Office(officeApi(place.dataset["secret"] ?? ""));
  createRoot(place).render(
    <StrictMode>
      <LanguageProvider initial={languageOf(place.dataset["language"], true)}>
        <OfficePage office={office} nowMs={() => Date.now() + (Number.isNaN(offsetMs) ? 0 : offsetMs)} />
      </LanguageProvider>
    </StrictMode>,
  );
  void office.open();
}

const place = document.getElementById("office");
if (place) start(place);
