// Accounts of the staff. A password is made by the server and shown once; an account is closed and never removed, so that the
// history keeps naming it.
import { useCallback, useState } from "react";

import type { AccountShape, GlobalRole } from "../../../api/shapes";
import { Notice, Table } from "../../../ui/blocks";
import { SelectField } from "../../../ui/choices";
import { Dialog } from "../../../ui/Dialog";
import { Button, Lamp } from "../../../ui/parts";
import { TextField } from "../../../ui/TextField";
import { Awaited } from "../Awaited";
import { useAccount, useCabinet } from "../cabinet";
import styles from "../directory/directory.module.css";
import { useKeep } from "../directory/useKeep";
import { useAnswer } from "../useAnswer";
import { useCabinetWords } from "../words";

const ROLES = ["admin", "organiser", "operator", "viewer"] as const satisfies readonly GlobalRole[];

export function UsersPage() {
  const t = useCabinetWords();
  const { keeping } = useCabinet();
  const accounts = useAnswer(useCallback(() => keeping.readAccounts(), [keeping]));
  const [isAdding, setAdding] = useState(false);
  const [open, setOpen] = useState<AccountShape | null>(null);
  return (
    <>
      <h1 tabIndex={-1} className={styles.title}>{t("nav.users")}</h1>
      <section className={styles.sheet}>
        <div className={styles.tools}><Button icon="plus" onClick={() => setAdding(true)}>{t("users.add")}</Button></div>
        <Awaited answer={accounts} again={accounts.again}>
          {(known) => (
            <Table caption={t("nav.users")} isCaptionHidden className={styles.table} head={[t("users.name"), t("users.role"), t("users.state")]}>
              <tbody>
                {known.map((account) => (
                  <tr key={account.id}>
                    <td><button type="button" className={styles.open} onClick={() => setOpen(account)}>{account.name}</button><small>{account.login}</small></td>
                    <td>{t(`role.${account.role}`)}</td>
                    <td><Lamp state={account.disabled_at === null ? "ok" : "off"}>{t(account.disabled_at === null ? "users.works" : "users.closed")}</Lamp></td>
                  </tr>
                ))}
              </tbody>
            </Table>
          )}
        </Awaited>
      </section>
      {isAdding && <NewUserDialog onClose={() => setAdding(false)} onKept={accounts.again} />}
      {open && <UserDialog account={open} onClose={() => setOpen(null)} onKept={accounts.again} />}
    </>
  );
}

function NewUserDialog({ onClose, onKept }: { onClose: () => void; onKept: () => void }) {
  const t = useCabinetWords();
  const { keeping } = useCabinet();
  const own = useAccount();
  const [login, setLogin] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<GlobalRole>("organiser");
  const [password, setPassword] = useState<string | null>(null);
  const { isBusy, problem, keep } = useKeep(onKept);
  const add = (): void =>
    keep(async () => {
      const made = await keeping.addAccount({ login: login.trim(), name: name.trim(), role, organisation: own.organisation });
      setPassword(made.password);
    });
  if (password !== null) return <Dialog title={t("users.made")} closeWords={t("users.written")} onClose={onClose}><Secret login={login.trim()} password={password} /></Dialog>;
  return (
    <Dialog title={t("users.add")} closeWords={t("create.back")} onClose={onClose} act={{ words: t("users.make"), onAct: add, isSafe: true, isDead: isBusy || login.trim() === "" || name.trim() === "" }}>
      <TextField label={t("door.login")} hint={t("users.loginHint")} value={login} onChange={setLogin} />
      <TextField label={t("users.name")} value={name} onChange={setName} />
      <SelectField label={t("users.role")} value={role} choices={ROLES.map((value) => ({ value, words: t(`role.${value}`) }))} onChange={setRole} />
      {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
    </Dialog>
  );
}

function UserDialog({ account, onClose, onKept }: { account: AccountShape; onClose: () => void; onKept: () => void }) {
  const t = useCabinetWords();
  const { keeping } = useCabinet();
  const [name, setName] = useState(account.name);
  const [role, setRole] = useState<GlobalRole>(account.role);
  const [password, setPassword] = useState<string | null>(null);
  const { isBusy, problem, keep } = useKeep(() => {
    onKept();
    onClose();
  });
  const reset = useKeep(() => undefined);
  const isClosed = account.disabled_at !== null;
  const change = (is_disabled: boolean): void => keep(() => keeping.changeAccount(account.id, { version: account.version, name: name.trim(), role, organisation: account.organisation, language: account.language, is_disabled }));
  return (
    <Dialog title={account.login} closeWords={t("create.back")} onClose={onClose} act={{ words: t("keep.keep"), onAct: () => change(isClosed), isSafe: true, isDead: isBusy || name.trim() === "" }}>
      <TextField label={t("users.name")} value={name} onChange={setName} />
      <SelectField label={t("users.role")} value={role} choices={ROLES.map((value) => ({ value, words: t(`role.${value}`) }))} onChange={setRole} />
      {password !== null && <Secret login={account.login} password={password} />}
      <div className={styles.pair}>
        <Button onClick={() => reset.keep(async () => setPassword((await keeping.resetPassword(account.id)).password))}>{t("users.reset")}</Button>
        <Button look="quiet" isDead={isBusy} onClick={() => change(!isClosed)}>{t(isClosed ? "users.open" : "users.close")}</Button>
      </div>
      <p>{t("users.closeHint")}</p>
      {(problem ?? reset.problem) && <Notice look="warn" isSpoken>{problem ?? reset.problem}</Notice>}
    </Dialog>
  );
}

const Secret = ({ login, password }: { login: string; password: string }) => {
  const t = useCabinetWords();
  return (
    <div className={styles.secret} role="status">
      <p>{t("users.secret", { login })}</p>
      <code>{password}</code>
    </div>
  );
};
