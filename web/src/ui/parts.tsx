// The small parts that every screen is made of; their look is in styles/base.css and is shared with server-rendered pages.
import type { AnchorHTMLAttributes, ComponentPropsWithRef, ReactNode } from "react";

import type { IconName } from "./icons";

/** Always beside words, which say what it means. */
export const Icon = ({ name, size }: { name: IconName; size?: "s" | "l" }) => <i className={`icon i-${name}${size ? ` icon--${size}` : ""}`} aria-hidden="true" />;

export type LampState = "air" | "ok" | "warn" | "off" | "wait";

/** Shape, colour and word together, always all three. */
export const Lamp = ({ state, children }: { state: LampState; children: ReactNode }) => (
  <span className="lamp" data-state={state}>
    <span>{children}</span>
  </span>
);

interface Look {
  readonly look?: "primary" | "quiet";
  readonly isSmall?: boolean;
  readonly icon?: IconName;
}
const classesOf = ({ look, isSmall = false }: Look, more: string): string => ["button", look && `button--${look}`, isSmall && "button--small", more].filter(Boolean).join(" ");

interface ButtonProps extends Look, ComponentPropsWithRef<"button"> {
  /** A dead button stays in the order of Tab, so that it can say why it is dead. */
  readonly isDead?: boolean;
}

export function Button({ look, isSmall, icon, isDead = false, children, className = "", onClick, ...rest }: ButtonProps) {
  return (
    <button type="button" className={classesOf({ look, isSmall }, className)} aria-disabled={isDead || undefined} onClick={isDead ? (event) => event.preventDefault() : onClick} {...rest}>
      {icon && <Icon name={icon} size={isSmall ? "s" : undefined} />}
      {children}
    </button>
  );
}

interface ButtonLinkProps extends Look, AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly href: string;
}

/** Goes somewhere, so it is a link, and looks like a button. */
export function ButtonLink({ look, isSmall, icon, children, className = "", ...rest }: ButtonLinkProps) {
  return (
    <a className={classesOf({ look, isSmall }, className)} {...rest}>
      {icon && <Icon name={icon} size={isSmall ? "s" : undefined} />}
      {children}
    </a>
  );
}

export const Tag = ({ look, icon, children }: { look?: "ceremony" | "warn" | "ok" | "demo" | "air"; icon?: IconName; children: ReactNode }) => (
  <span className={look ? `tag tag--${look}` : "tag"}>
    {icon && <Icon name={icon} size="s" />}
    {children}
  </span>
);

/** The bar of a side: the host's colour first, the guest's second. */
export const SideMark = ({ order, children }: { order: number; children: ReactNode }) => <span className={order === 1 ? "side" : "side side--2"}>{children}</span>;

export const Key = ({ children }: { children: ReactNode }) => <kbd className="key">{children}</kbd>;

export const VisuallyHidden = ({ children }: { children: ReactNode }) => <span className="visually-hidden">{children}</span>;
