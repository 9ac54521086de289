// A whole screen with one thing to say and at most two ways on: opening, refused, ended.
import { useEffect, useRef, type ReactNode } from "react";

import styles from "./room.module.css";

interface MessageProps {
  readonly title: string;
  readonly text: string;
  readonly isBusy?: boolean;
  readonly children?: ReactNode;
}

export function Message({ title, text, isBusy = false, children }: MessageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The screen before is gone with its focus: the reader of the screen begins at the new one.
  useEffect(() => {
    if (!isBusy) heading.current?.focus();
  }, [title, isBusy]);
  return (
    <main className={styles.message} aria-busy={isBusy}>
      <h1 ref={heading} tabIndex={-1}>{title}</h1>
      <p>{text}</p>
      {isBusy && (
        <div className={styles.bones} aria-hidden="true">
          <span />
          <span />
          <span />
        </div>
      )}
      {children && <div className={styles.messageActs}>{children}</div>}
    </main>
  );
}
