// The first page: what is nearest and what it lacks, then everything by phase.
import { useCallback, useState } from "react";

import { GROUPS, type Group } from "../../../api/cabinet";
import type { MeetingLine, MeetingList } from "../../../api/shapes";
import { Empty, GroupRow, Table } from "../../../ui/blocks";
import { Button, Icon } from "../../../ui/parts";
import { Awaited } from "../Awaited";
import { useAccount, useCabinet } from "../cabinet";
import { useAnswer } from "../useAnswer";
import { useCabinetWords } from "../words";
import { Attention } from "./Attention";
import { CreateMenu } from "./CreateMenu";
import styles from "./list.module.css";
import { MeetingRow } from "./MeetingRow";
import { Nearest } from "./Nearest";

const COLUMNS = 5;
type Lists = Readonly<Record<Group, MeetingList>>;

export function MeetingsPage() {
  const t = useCabinetWords();
  const { api } = useCabinet();
  const account = useAccount();
  const [wanted, setWanted] = useState("");
  const question = useCallback(async (): Promise<Lists> => {
    const lists = await Promise.all(GROUPS.map(async (group) => [group, await api.readMeetings(group, wanted.trim(), null)] as const));
    return Object.fromEntries(lists) as Record<Group, MeetingList>;
  }, [api, wanted]);
  const answer = useAnswer(question);
  return (
    <>
      <header className={styles.title}>
        <h1 tabIndex={-1}>{t("nav.meetings")}</h1>
        <label className={styles.search}>
          <span className="visually-hidden">{t("list.search")}</span>
          <Icon name="search" size="s" />
          <input type="search" value={wanted} placeholder={t("list.search")} autoComplete="off" onChange={(event) => setWanted(event.target.value)} />
        </label>
        {account.can_plan && <CreateMenu />}
      </header>
      <Awaited answer={answer} again={answer.again} lines={6}>
        {(lists) => <Lists lists={lists} wanted={wanted} onMore={(group, list) => answer.replace({ ...lists, [group]: list })} />}
      </Awaited>
    </>
  );
}

interface ListsProps {
  readonly lists: Lists;
  readonly wanted: string;
  readonly onMore: (group: Group, list: MeetingList) => void;
}

function Lists({ lists, wanted, onMore }: ListsProps) {
  const t = useCabinetWords();
  const account = useAccount();
  const [nearest] = lists.preparing.meetings;
  const isEmpty = GROUPS.every((group) => lists[group].meetings.length === 0);
  if (isEmpty) {
    return wanted ? (
      <Empty title={t("list.nothingFound")}>{t("list.nothingFoundHint")}</Empty>
    ) : (
      <Empty title={t("list.empty")} action={account.can_plan ? <CreateMenu /> : null}>{t("list.emptyHint")}</Empty>
    );
  }
  return (
    <>
      {nearest && !wanted && (
        <>
          <Attention meeting={nearest} />
          <Nearest meeting={nearest} />
        </>
      )}
      <div className={styles.all}>
        <Table caption={<>{t("list.all")} <span>{t("list.byPhase")}</span></>} className={styles.list} head={[t("list.when"), t("list.meeting"), t("list.places"), t("list.phase"), t("list.next")]}>
          {GROUPS.filter((group) => lists[group].meetings.length > 0).map((group) => (
            <GroupOfMeetings key={group} group={group} list={lists[group]} wanted={wanted} onMore={(list) => onMore(group, list)} />
          ))}
        </Table>
      </div>
    </>
  );
}

function GroupOfMeetings({ group, list, wanted, onMore }: { group: Group; list: MeetingList; wanted: string; onMore: (list: MeetingList) => void }) {
  const t = useCabinetWords();
  const { api, session } = useCabinet();
  const more = async (): Promise<void> => {
    const further = await session.run(() => api.readMeetings(group, wanted, list.next));
    onMore({ ...further, meetings: [...list.meetings, ...further.meetings] });
  };
  return (
    <tbody>
      <GroupRow columns={COLUMNS}>
        {t(`group.${group}`)} {!wanted && <small>{list.counts[group] ?? list.meetings.length}</small>}
      </GroupRow>
      {list.meetings.map((meeting: MeetingLine) => (
        <MeetingRow key={meeting.number} meeting={meeting} />
      ))}
      {list.next && (
        <tr>
          <td colSpan={COLUMNS}><Button isSmall look="quiet" onClick={() => void more().catch(() => undefined)}>{t("list.more")}</Button></td>
        </tr>
      )}
    </tbody>
  );
}
