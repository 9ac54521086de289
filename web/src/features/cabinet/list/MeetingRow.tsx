import type { MeetingLine } from "../../../api/shapes";
import { chooseText, useLanguage, useText, Words } from "../../../i18n/LanguageContext";
import { Lamp, Tag } from "../../../ui/parts";
import { writeAddress } from "../address";
import { useFollow } from "../cabinet";
import { useFindingWords } from "../findings";
import { PHASE_LAMPS } from "../phases";
import { useCabinetWords } from "../words";
import styles from "./list.module.css";
import { useWhen } from "./when";

export function MeetingRow({ meeting }: { meeting: MeetingLine }) {
  const t = useCabinetWords();
  const text = useText();
  const { language } = useLanguage();
  const follow = useFollow();
  const when = useWhen();
  const findingWords = useFindingWords();
  const { day, hour } = when(meeting);
  const [first, ...others] = meeting.findings.toSorted((a, b) => Number(b.before !== null) - Number(a.before !== null));
  const [host, guest, ...further] = meeting.cities;
  const shown = chooseText(meeting.title, language);
  return (
    <tr>
      <td className={styles.when}><time>{day ?? t("list.noDay")}{hour && `, ${hour}`}</time></td>
      <td className={styles.what}>
        <a href={writeAddress({ page: "meeting", number: meeting.number, card: first?.step ?? "substance" })} lang={shown.language} onClick={follow}>{shown.words}</a>
        <small>{t("list.number", { number: meeting.number })} {meeting.is_demo && <Tag look="demo">{t("frame.demo")}</Tag>}</small>
      </td>
      <td className={styles.places}>
        {host && <Words of={host} />}
        {guest && (further.length === 0 ? `, ${text(guest)}` : ` ${t("list.andMore", { count: further.length + 1 })}`)}
      </td>
      <td className={styles.phase}><Lamp state={PHASE_LAMPS[meeting.phase]}>{t(`phase.${meeting.phase}`)}</Lamp></td>
      <td>
        {first ? findingWords(first) : t("list.nothing")}
        {others.length > 0 && <small>{t("list.furtherFindings", { count: others.length })}</small>}
      </td>
    </tr>
  );
}
