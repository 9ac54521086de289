// Who is invited and what they answered; letters that nobody could be sent to are taken from here by hand.
import { useCallback, useState } from "react";

import type { InvitationsAnswer } from "../../../api/shapes";
import { useText, Words } from "../../../i18n/LanguageContext";
import { Empty, Notice, Table } from "../../../ui/blocks";
import { Button, ButtonLink, Lamp, type LampState } from "../../../ui/parts";
import { Awaited } from "../Awaited";
import { useAccount, useCabinet } from "../cabinet";
import { useKeep } from "../directory/useKeep";
import { useAnswer } from "../useAnswer";
import styles from "./plan.module.css";
import { usePlan } from "./usePlan";
import { usePlanWords, type PlanWords } from "./words";

type Invited = InvitationsAnswer["invited"][number];
type Recipient = Invited["recipient"];
const keyOf = ({ kind, id }: Recipient): string => `${kind}/${id}`;

export function LettersPage() {
  const { api } = useCabinet();
  const { number } = usePlan().state.whole.answer;
  const answer = useAnswer(useCallback(() => api.readInvitations(number), [api, number]));
  return (
    <Awaited answer={answer} again={answer.again} lines={6}>
      {(known) => <Invitations known={known} onChange={answer.replace} />}
    </Awaited>
  );
}

function Invitations({ known, onChange }: { known: InvitationsAnswer; onChange: (known: InvitationsAnswer) => void }) {
  const t = usePlanWords();
  const { api } = useCabinet();
  const account = useAccount();
  const { number } = usePlan().state.whole.answer;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { isBusy, problem, keep } = useKeep(() => setChosen(new Set()));
  const recipients = known.invited.filter(({ recipient }) => chosen.has(keyOf(recipient))).map(({ recipient }) => recipient);
  const act = (work: (number: number, recipients: readonly Recipient[]) => Promise<InvitationsAnswer>): void => keep(async () => onChange(await work(number, recipients)));
  const choose = (key: string, isChosen: boolean): void => setChosen(new Set([...chosen].filter((one) => one !== key).concat(isChosen ? [key] : [])));
  const isDead = isBusy || recipients.length === 0;
  if (known.invited.length === 0) return <Empty title={t("letters.nobody")}>{t("letters.nobodyHint")}</Empty>;
  return (
    <section className={styles.sheet} aria-label={t("letters.title")}>
      {account.can_plan && (
        <div className={styles.tools}>
          <div className={styles.headActs}>
            <Button icon="mail" isDead={isDead} onClick={() => act(api.invite)}>{t("letters.invite")}</Button>
            <Button icon="bell" isDead={isDead} onClick={() => act(api.remind)}>{t("letters.remind")}</Button>
            <Button look="quiet" isDead={isDead} onClick={() => act(api.withdrawInvitation)}>{t("letters.withdraw")}</Button>
          </div>
          <span className={styles.quiet}>{t("letters.chosen", { count: recipients.length })}</span>
        </div>
      )}
      {!known.has_mail_server && <Notice icon="mail">{t("letters.byHand")}</Notice>}
      {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
      <Table caption={t("letters.title")} isCaptionHidden head={[<span key="choose" className="visually-hidden">{t("letters.choose")}</span>, t("letters.who"), t("letters.letter"), t("letters.answer")]}>
        <tbody>
          {known.invited.map((one) => (
            <InvitedRow key={keyOf(one.recipient)} invited={one} isChosen={chosen.has(keyOf(one.recipient))} onChoose={(isChosen) => choose(keyOf(one.recipient), isChosen)} />
          ))}
        </tbody>
      </Table>
    </section>
  );
}

const ANSWERS: Record<NonNullable<Invited["answer"]>, LampState> = { awaited: "wait", coming: "ok", declined: "off", replaced: "warn" };

function InvitedRow({ invited, isChosen, onChoose }: { invited: Invited; isChosen: boolean; onChoose: (isChosen: boolean) => void }) {
  const t = usePlanWords();
  const text = useText();
  const { number } = usePlan().state.whole.answer;
  const { letter, answer, address } = invited;
  const file = letter ? `/api/v1/meetings/${number}/letters/${letter.id}` : "";
  return (
    <tr>
      <td><input type="checkbox" checked={isChosen} aria-label={text(invited.name)} onChange={(event) => onChoose(event.target.checked)} /></td>
      <td><Words of={invited.name} />{invited.post && <small><Words of={invited.post} /></small>}<small>{address ?? t("letters.noAddress")}</small></td>
      <td>
        <LetterLamp letter={letter} t={t} />
        {letter?.failure && <small>{letter.failure}</small>}
        {letter?.can_be_taken && (
          <span className={styles.headActs}>
            <ButtonLink isSmall icon="download" href={`${file}.eml`} download>{t("letters.asMail")}</ButtonLink>
            <ButtonLink isSmall icon="printer" href={`${file}.pdf`} download>{t("letters.asPaper")}</ButtonLink>
          </span>
        )}
      </td>
      <td>{answer && <Lamp state={ANSWERS[answer]}>{t(`answer.${answer}`)}</Lamp>}</td>
    </tr>
  );
}

const LETTERS: Record<NonNullable<Invited["letter"]>["state"], LampState> = { waiting: "wait", sent: "ok", handed: "ok", failed: "warn", dropped: "off" };

const LetterLamp = ({ letter, t }: { letter: Invited["letter"]; t: PlanWords }) => (letter ? <Lamp state={LETTERS[letter.state]}>{t(`letter.${letter.state}`)}</Lamp> : <Lamp state="wait">{t("letters.none")}</Lamp>);
