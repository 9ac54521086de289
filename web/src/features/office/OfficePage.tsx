// The page behind the link of a side's office: the plan to read, its own delegation to keep, remarks to make, and one act:
// to accept the text that stands here.
import { useEffect, useMemo, type ReactNode } from "react";

import { newerOfficeIn } from "../../api/office";
import type { OfficeAnswer } from "../../api/shapes";
import { useDocumentLanguage, useText, Words } from "../../i18n/LanguageContext";
import { Bones, Failed, Notice } from "../../ui/blocks";
import { LanguageSwitch } from "../../ui/LanguageSwitch";
import { Button, SideMark, Tag } from "../../ui/parts";
import { useObservable } from "../../ui/useObservable";
import { Draft } from "../cabinet/drafts/draft";
import { planMemory } from "../cabinet/plan/memory";
import { type Plan, type PlanSteps } from "../cabinet/plan/plan";
import { RosterStep } from "../cabinet/plan/RosterStep";
import { RosterToolsContext, type RosterTools } from "../cabinet/plan/rosterTools";
import { SavingLamp, UndoButtons } from "../cabinet/plan/SavingLamp";
import { PlanProvider } from "../cabinet/plan/usePlan";
import { Acceptance } from "./Acceptance";
import styles from "./office.module.css";
import { planOfOffice, type Office } from "./office";
import { PlanToRead } from "./PlanToRead";
import { Remarks } from "./Remarks";
import { useOfficeWords } from "./words";

interface OfficePageProps {
  readonly office: Office;
  /** By the server's clock. */
  readonly nowMs: () => number;
}

export function OfficePage({ office, nowMs }: OfficePageProps) {
  const t = useOfficeWords();
  const { step, answer, refusal } = useObservable(office);
  useDocumentLanguage();
  if (answer) return <OpenOffice key={answer.number} office={office} first={answer} answer={answer} nowMs={nowMs} />;
  return (
    <Sheet head={<span className="mark">{t("page.name")}</span>}>
      {step === "opening" && <Bones words={t("page.opening")} lines={8} />}
      {step === "unreachable" && <Failed title={t("page.unreachable")} action={<Button look="primary" onClick={() => void office.open()}>{t("page.again")}</Button>}>{t("page.unreachableHint")}</Failed>}
      {step === "refused" && <Failed title={t(refusal?.status === 410 ? "page.gone" : "page.unknown")} action={null}>{t("page.goneHint")}</Failed>}
    </Sheet>
  );
}

const Sheet = ({ head, children }: { head: ReactNode; children: ReactNode }) => {
  const t = useOfficeWords();
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        {head}
        <LanguageSwitch label={t("page.language")} />
      </header>
      <main>{children}</main>
    </div>
  );
};

function OpenOffice({ office, first, answer, nowMs }: OfficePageProps & { readonly first: OfficeAnswer; readonly answer: OfficeAnswer }) {
  const t = useOfficeWords();
  const text = useText();
  const side = answer.sides.find(({ id }) => id === answer.side);
  const order = answer.sides.findIndex(({ id }) => id === answer.side) + 1;
  const draft = useDelegation(office, first, nowMs);
  const tools = useMemo<RosterTools>(() => ({ spellName: office.api.spellName, readRoster: null }), [office]);
  return (
    <PlanProvider draft={draft}>
      <RosterToolsContext value={tools}>
        <Sheet head={<SideMark order={order}>{t("page.officeOf", { side: text(side?.name ?? {}) })}</SideMark>}>
          <div className={styles.head}>
            <p className={styles.from}>{t("page.from", { organiser: text(answer.organiser) })} {answer.is_demo && <Tag look="demo">{t("page.demo")}</Tag>}</p>
            <h1><Words of={answer.substance.title} /></h1>
          </div>
          <StandingNotice answer={answer} />
          <PlanToRead answer={answer} />
          <section aria-labelledby="delegation" className={styles.part}>
            <header><h2 id="delegation">{t("plan.delegation")}</h2><SavingLamp /><UndoButtons /></header>
            <p className={styles.quiet}>{t("plan.delegationHint")}</p>
            <fieldset disabled={answer.is_frozen} className={styles.fields}><RosterStep keeps={answer.side} /></fieldset>
          </section>
          <Remarks office={office} answer={answer} />
          <Acceptance office={office} answer={answer} />
        </Sheet>
      </RosterToolsContext>
    </PlanProvider>
  );
}

/** What was said last by others, where it changes what this office has to do. */
function StandingNotice({ answer }: { answer: OfficeAnswer }) {
  const t = useOfficeWords();
  if (answer.phase === "cancelled" || answer.phase === "discarded") return <Notice look="warn" title={t("page.cancelled")}>{t("page.cancelledHint")}</Notice>;
  if (answer.is_frozen) return <Notice title={t("page.frozen")}>{t("page.frozenHint")}</Notice>;
  if (answer.agreement.asked_at === null) return <Notice title={t("page.notAsked")}>{t("page.notAskedHint")}</Notice>;
  return null;
}

/** The delegation under the office's hands, kept and saved as every plan is. */
function useDelegation(office: Office, first: OfficeAnswer, nowMs: () => number) {
  const draft = useMemo(() => {
    const { api, take } = office;
    return new Draft<PlanSteps, Plan>(planOfOffice(first), {
      save: async (_, steps, version) => planOfOffice(take(await api.saveDelegation(version, steps.roster))),
      read: async () => planOfOffice(take(await api.read())),
      newerIn: (refusal) => {
        const newer = newerOfficeIn(refusal);
        return newer && { whole: planOfOffice(take(newer.answer)), by: newer.by, atMs: newer.atMs };
      },
      memory: planMemory(first.number, `office.${first.side}`),
      nowMs,
    });
    // The first answer only begins the draft; what comes later reaches it by its own door.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [office, first.number, first.side]);
  useEffect(() => {
    const look = (): void => void (document.visibilityState === "visible" && draft.refresh());
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      draft.close();
    };
  }, [draft]);
  return draft;
}
