// What keeps the nearest meeting from its next phases: three at most, the ones that stop it first.
import type { MeetingLine, Phase } from "../../../api/shapes";
import { Lamp } from "../../../ui/parts";
import { writeAddress } from "../address";
import { useFollow } from "../cabinet";
import { useFindingWords } from "../findings";
import { useCabinetWords, type CabinetKey } from "../words";
import styles from "./list.module.css";

const SHOWN_MAX = 3;
const BLOCKS: Partial<Record<Phase, CabinetKey>> = { agreed: "blocks.agreed", announced: "blocks.announced", sound_check: "blocks.sound_check", assembly: "blocks.assembly" };

export function Attention({ meeting }: { meeting: MeetingLine }) {
  const t = useCabinetWords();
  const follow = useFollow();
  const findingWords = useFindingWords();
  const urgent = meeting.findings.filter(({ before }) => before !== null).slice(0, SHOWN_MAX);
  if (urgent.length === 0) return null;
  return (
    <section className={styles.attention} aria-label={t("list.attention")}>
      {urgent.map((finding) => (
        <a key={finding.field + finding.code} href={writeAddress({ page: "meeting", number: meeting.number, card: finding.step })} onClick={follow}>
          <Lamp state="warn"><span className="visually-hidden">{t("list.attention")}</span></Lamp>
          <span>
            <b>{findingWords(finding)}</b>
            <span>{t(BLOCKS[finding.before ?? "on_air"] ?? "blocks.on_air")}</span>
          </span>
        </a>
      ))}
    </section>
  );
}
