// A new link for the office of a side. It is shown once: the server keeps no way to read it again.
import { useState } from "react";

import type { Text } from "../../../api/contract";
import { Words } from "../../../i18n/LanguageContext";
import { Notice } from "../../../ui/blocks";
import { Dialog } from "../../../ui/Dialog";
import { Button } from "../../../ui/parts";
import { TextField } from "../../../ui/TextField";
import { useCabinet } from "../cabinet";
import styles from "./plan.module.css";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

export function OfficeLinkDialog({ side, name, onClose }: { side: string; name: Text; onClose: () => void }) {
  const t = usePlanWords();
  const { api, session } = useCabinet();
  const { number } = usePlan().state.whole.answer;
  const [link, setLink] = useState<string | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const make = async (): Promise<void> => {
    try {
      const { path } = await session.run(() => api.makeOfficeLink(number, side));
      setLink(new URL(path, location.origin).href);
    } catch {
      setFailed(true);
    }
  };
  const copy = async (words: string): Promise<void> => {
    await navigator.clipboard.writeText(words);
    setCopied(true);
  };
  return (
    <Dialog title={t("agreement.link")} closeWords={t(link ? "roster.done" : "dialog.back")} onClose={onClose} act={link ? undefined : { words: t("agreement.makeLink"), onAct: () => void make(), isSafe: true }}>
      <p><strong><Words of={name} /></strong></p>
      {link ? (
        <>
          <p>{t("agreement.linkShown")}</p>
          <TextField label={t("agreement.linkField")} value={link} onChange={() => undefined} isReadOnly />
          {"clipboard" in navigator && <Button icon="copy" className={styles.start} onClick={() => void copy(link)}>{t(isCopied ? "agreement.copied" : "agreement.copy")}</Button>}
        </>
      ) : (
        <p>{t("agreement.linkHint")}</p>
      )}
      {hasFailed && <Notice look="warn" isSpoken>{t("act.failed")}</Notice>}
    </Dialog>
  );
}
