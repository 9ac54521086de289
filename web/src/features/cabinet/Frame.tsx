// What stays while pages change: the sections, and who works here.
import type { ReactNode } from "react";

import type { OwnAccountAnswer as Account } from "../../api/shapes";
import type { IconName } from "../../ui/icons";
import { LanguageSwitch } from "../../ui/LanguageSwitch";
import { Button, Icon } from "../../ui/parts";
import { writeAddress, type Address } from "./address";
import { useAddress, useCabinet, useFollow } from "./cabinet";
import styles from "./frame.module.css";
import { useCabinetWords, type CabinetKey } from "./words";

interface Section {
  readonly page: Exclude<Address["page"], "meeting" | "unknown">;
  readonly icon: IconName;
  readonly words: CabinetKey;
  readonly isForAdmins?: boolean;
}
const SECTIONS: readonly Section[] = [
  { page: "meetings", icon: "calendar-days", words: "nav.meetings" },
  { page: "directory", icon: "users", words: "nav.directory" },
  { page: "templates", icon: "paperclip", words: "nav.templates" },
  { page: "users", icon: "shield-check", words: "nav.users", isForAdmins: true },
];

export function Frame({ account, children }: { account: Account; children: ReactNode }) {
  const t = useCabinetWords();
  const follow = useFollow();
  const address = useAddress();
  const { session } = useCabinet();
  const current = address.page === "meeting" ? "meetings" : address.page;
  return (
    <div className={styles.cabinet}>
      <a className={styles.skip} href="#main">{t("frame.skip")}</a>
      <header className={styles.bar}>
        <a className="mark" href={writeAddress({ page: "meetings" })} onClick={follow}>{t("frame.name")}</a>
        <nav aria-label={t("frame.sections")}>
          {SECTIONS.filter(({ isForAdmins }) => !isForAdmins || account.role === "admin").map(({ page, icon, words }) => (
            <a key={page} href={writeAddress({ page })} aria-current={page === current ? "page" : undefined} onClick={follow}>
              <Icon name={icon} />
              {t(words)}
            </a>
          ))}
        </nav>
        <div className={styles.owner}>
          <a href={writeAddress({ page: "account" })} aria-current={current === "account" ? "page" : undefined} onClick={follow}>{account.name}</a>
          <small>{t(`role.${account.role}`)}</small>
          <LanguageSwitch label={t("frame.language")} />
          <Button isSmall look="quiet" icon="log-out" onClick={() => void session.signOut()}>{t("frame.signOut")}</Button>
        </div>
      </header>
      <main id="main" className={styles.main} tabIndex={-1}>{children}</main>
    </div>
  );
}
