// The small parts that every screen is made of; their look is in styles/base.css and is shared with server-rendered pages.
import type { ButtonHTMLAttributes, ReactNode } from "react";

export type IconName =
  | "mic" | "mic-off" | "video" | "video-off" | "monitor" | "settings" | "keyboard" | "maximize" | "log-out" | "wifi-off" | "volume-2"
  | "volume-off" | "play" | "pause" | "users" | "triangle-alert" | "presentation";

/** Always beside words, which say what it means. */
export const Icon = ({ name, size }: { name: IconName; size?: "s" | "l" }) => <i className={`icon i-${name}${size ? ` icon--${size}` : ""}`} aria-hidden="true" />;

export type LampState = "air" | "ok" | "warn" | "off" | "wait";

/** Shape, colour and word together, always all three. */
export const Lamp = ({ state, children }: { state: LampState; children: ReactNode }) => (
  <span className="lamp" data-state={state}>
    <span>{children}</span>
  </span>
);

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "primary" | "quiet";
  readonly isSmall?: boolean;
  readonly icon?: IconName;
}

export function Button({ look, isSmall = false, icon, children, className = "", ...rest }: ButtonProps) {
  const classes = ["button", look && `button--${look}`, isSmall && "button--small", className].filter(Boolean).join(" ");
  return (
    <button type="button" className={classes} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export const VisuallyHidden = ({ children }: { children: ReactNode }) => <span className="visually-hidden">{children}</span>;
