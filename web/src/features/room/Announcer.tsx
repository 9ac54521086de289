import { useEffect, useRef, useState } from "react";

import { useText } from "../../i18n/LanguageContext";
import { VisuallyHidden } from "../../ui/parts";
import { announcementsBetween, type Watched } from "./announcements";
import { useRoomWords } from "./words";

/** Two live regions that are always on the page: a region that appears together with its words is not read. */
export function Announcer({ state }: { state: Watched }) {
  const t = useRoomWords();
  const text = useText();
  const before = useRef(state);
  const [polite, setPolite] = useState("");
  const [urgent, setUrgent] = useState("");

  useEffect(() => {
    const told = announcementsBetween(before.current, state);
    before.current = state;
    const sentence = (isUrgent: boolean): string =>
      told
        .filter((one) => one.isUrgent === isUrgent)
        .map(({ key, values = {} }) => t(key, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? value : text(value)]))))
        .join(". ");
    const urgentWords = sentence(true);
    const politeWords = sentence(false);
    if (urgentWords) setUrgent(urgentWords);
    if (politeWords) setPolite(politeWords);
  }, [state, t, text]);

  return (
    <VisuallyHidden>
      <span aria-live="polite">{polite}</span>
      <span aria-live="assertive">{urgent}</span>
    </VisuallyHidden>
  );
}
