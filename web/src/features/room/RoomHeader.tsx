import type { ReactNode } from "react";

import type { Joined } from "../../api/contract";
import type { LiveState } from "../../live/liveState";
import { useText, Words } from "../../i18n/LanguageContext";
import { Clock, hourIn } from "../../ui/Clock";
import { LanguageSwitch } from "../../ui/LanguageSwitch";
import { zoneOf } from "./places";
import styles from "./room.module.css";
import { useRoomWords } from "./words";

interface RoomHeaderProps {
  readonly joined: Joined | null;
  readonly live: LiveState | null;
  /** Before the meeting the header says when it is; in it there is no need. */
  readonly hasDate?: boolean;
  /** Inside, the meeting is what the page is about; before and after, the screen has a heading of its own. */
  readonly isHeading?: boolean;
  readonly children?: ReactNode;
}

export function RoomHeader({ joined, live, hasDate = false, isHeading = false, children }: RoomHeaderProps) {
  const t = useRoomWords();
  const text = useText();
  const Title = isHeading ? "h1" : "p";
  const startsAt = joined?.meeting.starts_at ?? null;
  return (
    <header className={styles.top}>
      <span className="mark">{t("top.product")}</span>
      {joined && (
        <Title className={styles.topTitle}>
          <Words of={joined.meeting.short_title} />
          {hasDate && <span>. {startsAt === null ? text(joined.meeting.date_text) : t("top.dateAndHour", { date: text(joined.meeting.date_text), hour: hourIn(zoneOf(joined), startsAt) })}</span>}
        </Title>
      )}
      {joined?.meeting.is_demo && <span className="tag tag--demo">{t("top.demo")}</span>}
      <div className={styles.topEnd}>
        {children}
        <LanguageSwitch label={t("top.language")} />
        {joined && <Clock zone={zoneOf(joined)} offsetMs={live?.clockOffsetMs ?? 0} label={t("top.clock")} />}
      </div>
    </header>
  );
}
