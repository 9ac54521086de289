// Larger parts of a page: a table with groups of rows, steps, notices, toolbars, what is empty, what is awaited.
import { useEffect, useId, useState, type MouseEvent, type ReactNode } from "react";

import styles from "./blocks.module.css";
import type { IconName } from "./icons";
import { Icon, Lamp, type LampState } from "./parts";

interface TableProps {
  readonly caption: ReactNode;
  readonly isCaptionHidden?: boolean;
  /** Words of the column heads; a head that only readers of the screen need is hidden by the caller. */
  readonly head: readonly ReactNode[];
  readonly className?: string;
  readonly children: ReactNode;
}

/** A table that scrolls inside its own place when it is wider than the page, and can be scrolled by the keyboard then. */
export function Table({ caption, isCaptionHidden = false, head, className = "", children }: TableProps) {
  const id = useId();
  return (
    <div className={styles.scroll} role="region" aria-labelledby={id} tabIndex={0}>
      <table className={`${styles.table} ${className}`}>
        <caption id={id} className={isCaptionHidden ? "visually-hidden" : undefined}>{caption}</caption>
        <thead>
          <tr>
            {head.map((words, index) => (
              <th key={index} scope="col">{words}</th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}

/** The head of a group of rows, as a row of its own; put it first in a `tbody`. */
export const GroupRow = ({ columns, children }: { columns: number; children: ReactNode }) => (
  <tr className={styles.groupRow}>
    <th colSpan={columns} scope="rowgroup">{children}</th>
  </tr>
);

interface Step<K extends string> {
  readonly key: K;
  readonly href: string;
  readonly words: ReactNode;
  readonly state: LampState;
  /** What the lamp says to those who do not see it. */
  readonly stateWords: string;
}

interface StepsProps<K extends string> {
  readonly label: string;
  readonly steps: readonly Step<K>[];
  readonly current: K;
  readonly onFollow: (event: MouseEvent<HTMLAnchorElement>) => void;
}

/** Steps are addresses, not tabs: each can be opened, kept and sent. */
export const Steps = <K extends string>({ label, steps, current, onFollow }: StepsProps<K>) => (
  <nav className={styles.steps} aria-label={label}>
    {steps.map(({ key, href, words, state, stateWords }) => (
      <a key={key} href={href} aria-current={key === current ? "step" : undefined} onClick={onFollow}>
        <Lamp state={state}><span className="visually-hidden">{stateWords}. </span></Lamp>
        {words}
      </a>
    ))}
  </nav>
);

interface NoticeProps {
  readonly look?: "plain" | "warn" | "air" | "ok";
  readonly icon?: IconName;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  /** Said at once to readers of the screen: for what has just happened. */
  readonly isSpoken?: boolean;
  readonly action?: ReactNode;
}

export const Notice = ({ look = "plain", icon = look === "plain" || look === "ok" ? undefined : "triangle-alert", title, children, isSpoken = false, action }: NoticeProps) => (
  <div className={`note ${look === "plain" ? "" : `note--${look}`} ${styles.notice}`} role={isSpoken ? "status" : undefined}>
    {icon && <Icon name={icon} />}
    <div>
      {title && <strong>{title} </strong>}
      {children}
    </div>
    {action && <div className={styles.noticeAction}>{action}</div>}
  </div>
);

export const Toolbar = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className={styles.toolbar} role="group" aria-label={label}>
    {children}
  </div>
);

/** Nothing is here yet: what it is for and the one thing to do. */
export const Empty = ({ title, children, action }: { title: ReactNode; children?: ReactNode; action?: ReactNode }) => (
  <div className={styles.empty}>
    <b>{title}</b>
    {children && <p>{children}</p>}
    {action}
  </div>
);

/** Shorter waits show nothing: a flash of bones is worse than a moment of calm. */
const BONES_AFTER_MS = 300;

/** Grey lines in the place of what is awaited; readers of the screen hear the words. */
export function Bones({ words, lines = 3 }: { words: string; lines?: number }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), BONES_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.bones} role="status" data-late={isLate || undefined}>
      <span className="visually-hidden">{isLate ? words : ""}</span>
      {Array.from({ length: lines }, (_, index) => (
        <i key={index} aria-hidden="true" />
      ))}
    </div>
  );
}

/** A page or a part of it that could not be had: why, and the way out. */
export const Failed = ({ title, children, action }: { title: ReactNode; children?: ReactNode; action: ReactNode }) => (
  <div className={styles.empty} role="alert">
    <Lamp state="warn"><b>{title}</b></Lamp>
    {children && <p>{children}</p>}
    {action}
  </div>
);
