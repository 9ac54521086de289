// The cabinet: the door, and behind it the frame with one page at a time.
import { useEffect } from "react";

import { useDocumentLanguage } from "../../i18n/LanguageContext";
import { Announcer } from "../../ui/Announcer";
import { Bones, Failed } from "../../ui/blocks";
import { Button } from "../../ui/parts";
import { useObservable } from "../../ui/useObservable";
import type { Address } from "./address";
import { CabinetContext, useAddress, type Cabinet } from "./cabinet";
import { DirectoryPage } from "./directory/DirectoryPage";
import { Frame } from "./Frame";
import { MeetingsPage } from "./list/MeetingsPage";
import { TemplatesPage } from "./list/TemplatesPage";
import { PlanPage } from "./plan/PlanPage";
import { SignIn, SignInAgain } from "./SignIn";
import { AccountPage } from "./users/AccountPage";
import { UsersPage } from "./users/UsersPage";
import { useCabinetWords } from "./words";

export function CabinetPage({ cabinet }: { cabinet: Cabinet }) {
  useDocumentLanguage();
  return (
    <CabinetContext value={cabinet}>
      <Door cabinet={cabinet} />
    </CabinetContext>
  );
}

function Door({ cabinet: { session } }: { cabinet: Cabinet }) {
  const t = useCabinetWords();
  const state = useObservable(session);
  const address = useAddress();
  if (state.step === "opening") return <main><Bones words={t("frame.loading")} /></main>;
  if (state.step === "unreachable") {
    return (
      <main>
        <Failed title={t("failed.unreachable")} action={<Button look="primary" onClick={() => void session.open()}>{t("failed.again")}</Button>}>
          {t("failed.unreachableHint")}
        </Failed>
      </main>
    );
  }
  if (state.step === "signedOut" || !state.account) return <SignIn session={session} />;
  return (
    <Announcer>
      <Frame account={state.account}>
        <Page address={address} />
        {state.hasEnded && <SignInAgain session={session} login={state.account.login} />}
      </Frame>
    </Announcer>
  );
}

function Page({ address }: { address: Address }) {
  const t = useCabinetWords();
  useEffect(() => {
    // A new page begins at its heading, for the eye and for readers of the screen alike.
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [address.page]);
  switch (address.page) {
    case "meetings":
      return <MeetingsPage />;
    case "meeting":
      return <PlanPage key={address.number} number={address.number} card={address.card} />;
    case "directory":
      return <DirectoryPage />;
    case "templates":
      return <TemplatesPage />;
    case "users":
      return <UsersPage />;
    case "account":
      return <AccountPage />;
    case "unknown":
      return <Failed title={t("failed.absent")} action={null} />;
  }
}
