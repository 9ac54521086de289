// A dialog of the platform: keeps the focus, closes by Escape and gives the focus back to its opener.
import { useEffect, useId, useRef, type ReactNode } from "react";

import styles from "./Dialog.module.css";
import { Button } from "./parts";

interface DialogProps {
  readonly title: string;
  readonly closeWords: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, closeWords, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog ref={element} className={styles.dialog} aria-labelledby={titleId} onClose={onClose}>
      <h2 id={titleId}>{title}</h2>
      {children}
      <Button look="primary" onClick={() => element.current?.close()}>{closeWords}</Button>
    </dialog>
  );
}
