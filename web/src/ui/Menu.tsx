// A button with further acts behind it: arrows lead, Enter acts, Escape gives the focus back.
import { useEffect, useId, useRef, type ReactNode } from "react";

import type { IconName } from "./icons";
import styles from "./Menu.module.css";
import { Button, Icon } from "./parts";
import { usePopover } from "./usePopover";

export interface MenuItem {
  readonly key: string;
  readonly words: ReactNode;
  readonly icon?: IconName;
  readonly onChoose: () => void;
}

interface MenuProps {
  readonly words: ReactNode;
  readonly icon?: IconName;
  /** Where the words alone do not say of what. */
  readonly label?: string;
  readonly isSmall?: boolean;
  readonly look?: "primary" | "quiet";
  readonly items: readonly MenuItem[];
}

export function Menu({ words, icon, label, isSmall, look, items }: MenuProps) {
  const place = useRef<HTMLSpanElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const popover = usePopover(place, opener);
  const list = useRef<HTMLSpanElement>(null);
  const id = useId();
  useEffect(() => {
    if (popover.isOpen) list.current?.querySelector("button")?.focus();
  }, [popover.isOpen]);
  const lead = (event: React.KeyboardEvent): void => {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const index = buttons.findIndex((button) => button === document.activeElement);
    const target = { ArrowDown: (index + 1) % buttons.length, ArrowUp: (index - 1 + buttons.length) % buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    buttons[target]?.focus();
  };
  return (
    <span ref={place} className={styles.place}>
      <Button ref={opener} look={look} isSmall={isSmall} icon={icon} aria-label={label} aria-haspopup="menu" aria-expanded={popover.isOpen} aria-controls={popover.isOpen ? id : undefined} onClick={popover.isOpen ? popover.close : popover.open}>
        {words}
        <Icon name="chevron-down" size="s" />
      </Button>
      {popover.isOpen && (
        <span ref={list} id={id} className={styles.menu} role="menu" onKeyDown={lead}>
          {items.map(({ key, words: itemWords, icon: itemIcon, onChoose }) => (
            <button
              key={key}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                popover.close();
                onChoose();
              }}
            >
              {itemIcon && <Icon name={itemIcon} size="s" />}
              <span>{itemWords}</span>
            </button>
          ))}
        </span>
      )}
    </span>
  );
}
