// A dialog of the platform: keeps the focus, closes by Escape and gives the focus back to its opener. Two acts at most, and
// the safe one is filled.
import { useEffect, useId, useRef, type ReactNode } from "react";

import styles from "./Dialog.module.css";
import { Button } from "./parts";

interface DialogProps {
  readonly title: string;
  readonly closeWords: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Beside the way back, what the dialog is about: "Завершить", "Отправить". */
  readonly act?: { readonly words: string; readonly onAct: () => void; readonly isSafe?: boolean; readonly isDead?: boolean };
  readonly isWide?: boolean;
}

export function Dialog({ title, closeWords, onClose, children, act, isWide = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    element.current?.showModal();
  }, []);
  const isActFilled = act?.isSafe === true;
  return (
    <dialog ref={element} className={styles.dialog} data-wide={isWide || undefined} aria-labelledby={titleId} onClose={onClose}>
      <h2 id={titleId}>{title}</h2>
      {children}
      <div className={styles.acts}>
        {act && <Button look={isActFilled ? "primary" : undefined} isDead={act.isDead} onClick={act.onAct}>{act.words}</Button>}
        <Button look={isActFilled ? undefined : "primary"} onClick={() => element.current?.close()}>{closeWords}</Button>
      </div>
    </dialog>
  );
}
