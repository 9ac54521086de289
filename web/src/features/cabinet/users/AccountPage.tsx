// One's own account: the password, and where else one is signed in.
import { useCallback, useState } from "react";

import { dayAndHour } from "../../../i18n/dates";
import { useLanguage } from "../../../i18n/LanguageContext";
import { Notice, Table } from "../../../ui/blocks";
import { Button, Lamp } from "../../../ui/parts";
import { TextField } from "../../../ui/TextField";
import { Awaited } from "../Awaited";
import { useAccount, useCabinet } from "../cabinet";
import styles from "../directory/directory.module.css";
import { useKeep } from "../directory/useKeep";
import { useAnswer } from "../useAnswer";
import { useCabinetWords } from "../words";

/** As the server wants it. */
const PASSWORD_LETTERS_MIN = 12;

export function AccountPage() {
  const account = useAccount();
  return (
    <>
      <h1 tabIndex={-1} className={styles.title}>{account.name}</h1>
      <PasswordForm />
      <Sessions />
    </>
  );
}

function PasswordForm() {
  const t = useCabinetWords();
  const { keeping } = useCabinet();
  const [before, setBefore] = useState("");
  const [after, setAfter] = useState("");
  const [isDone, setDone] = useState(false);
  const { isBusy, problem, keep } = useKeep(() => {
    setDone(true);
    setBefore("");
    setAfter("");
  });
  return (
    <section className={styles.sheet}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          keep(() => keeping.changePassword(before, after));
        }}
      >
        <h2>{t("account.password")}</h2>
        <TextField label={t("account.before")} type="password" value={before} onChange={setBefore} autoComplete="current-password" />
        <TextField label={t("account.after")} hint={t("account.afterHint", { count: PASSWORD_LETTERS_MIN })} type="password" value={after} onChange={setAfter} autoComplete="new-password" />
        {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
        {isDone && <Notice look="ok" isSpoken>{t("account.changed")}</Notice>}
        <Button type="submit" look="primary" isDead={isBusy || before === "" || after.length < PASSWORD_LETTERS_MIN}>{t("account.change")}</Button>
      </form>
    </section>
  );
}

function Sessions() {
  const t = useCabinetWords();
  const { language } = useLanguage();
  const { keeping } = useCabinet();
  const sessions = useAnswer(useCallback(() => keeping.readSessions(), [keeping]));
  const { problem, keep } = useKeep(sessions.again);
  const when = (atMs: number): string => dayAndHour(atMs, Intl.DateTimeFormat().resolvedOptions().timeZone, language);
  return (
    <section className={styles.sheet} aria-labelledby="sessions-title">
      <div className={styles.tools}>
        <h2 id="sessions-title">{t("account.sessions")}</h2>
        <Button onClick={() => keep(() => keeping.endOtherSessions())}>{t("account.endOthers")}</Button>
      </div>
      {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
      <Awaited answer={sessions} again={sessions.again}>
        {(known) => (
          <Table caption={t("account.sessions")} isCaptionHidden className={styles.table} head={[t("account.device"), t("account.began"), t("account.seen")]}>
            <tbody>
              {known.map((one) => (
                <tr key={one.id}>
                  <td>{one.device}{one.is_current && <Lamp state="ok">{t("account.here")}</Lamp>}</td>
                  <td>{when(one.began_at)}</td>
                  <td>{when(one.seen_at)}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </Awaited>
    </section>
  );
}
