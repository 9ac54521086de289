// The door of the cabinet. What is refused says why in words of ours; the password is never kept anywhere.
import { useState, type ReactNode, type SubmitEvent } from "react";

import type { ApiError } from "../../api/client";
import { Notice } from "../../ui/blocks";
import { Dialog } from "../../ui/Dialog";
import { LanguageSwitch } from "../../ui/LanguageSwitch";
import { Button, ButtonLink } from "../../ui/parts";
import { TextField } from "../../ui/TextField";
import { useObservable } from "../../ui/useObservable";
import styles from "./frame.module.css";
import type { Session } from "./session";
import { useCabinetWords, type CabinetKey } from "./words";

export function SignIn({ session }: { session: Session }) {
  const t = useCabinetWords();
  return (
    <main className={styles.door}>
      <header>
        <a className="mark" href="/">{t("frame.name")}</a>
        <LanguageSwitch label={t("frame.language")} />
      </header>
      <section className={styles.doorPanel}>
        <h1>{t("door.title")}</h1>
        <p>{t("door.hint")}</p>
        <Form session={session} />
      </section>
    </main>
  );
}

/** Over the page that the session ended under: nothing on it is lost. */
export function SignInAgain({ session, login }: { session: Session; login: string }) {
  const t = useCabinetWords();
  return (
    <Dialog title={t("door.again")} closeWords={t("door.later")} onClose={() => undefined}>
      <p>{t("door.againHint")}</p>
      <Form session={session} login={login} />
    </Dialog>
  );
}

function Form({ session, login: known = "" }: { session: Session; login?: string }) {
  const t = useCabinetWords();
  const { isBusy, refusal, provider } = useObservable(session);
  const [login, setLogin] = useState(known);
  const [password, setPassword] = useState("");
  const enter = (event: SubmitEvent): void => {
    event.preventDefault();
    void session.signIn(login, password).then(() => setPassword(""));
  };
  return (
    <form className={styles.doorForm} onSubmit={enter}>
      <TextField label={t("door.login")} value={login} onChange={setLogin} autoComplete="username" isRequired isFocusedFirst={known === ""} />
      <TextField label={t("door.password")} type="password" value={password} onChange={setPassword} autoComplete="current-password" isRequired isFocusedFirst={known !== ""} />
      {refusal && <Notice look="warn" isSpoken>{refusalWords(refusal, t)}</Notice>}
      <Button type="submit" look="primary" isDead={isBusy}>{isBusy ? t("door.entering") : t("door.enter")}</Button>
      {provider && <ButtonLink href={provider.address}>{t("door.provider", { name: provider.name })}</ButtonLink>}
    </form>
  );
}

const REFUSALS: Readonly<Record<string, CabinetKey>> = {
  sign_in_refused: "door.refused",
  too_many_attempts: "door.tooMany",
  origin_not_secure: "door.notSecure",
  unreachable: "failed.unreachable",
};
const refusalWords = (refusal: ApiError, t: (key: CabinetKey) => string): ReactNode => t(REFUSALS[refusal.code] ?? "failed.unexpected");
