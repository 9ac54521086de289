// Where a meeting begins: from nothing, as a copy of an earlier one, from a template, as the next one of a series.
import { useCallback, useState } from "react";

import type { Pattern } from "../../../api/cabinet";
import { LANGUAGES, type Text } from "../../../api/contract";
import { dayAndYear } from "../../../i18n/dates";
import { useLanguage, useText } from "../../../i18n/LanguageContext";
import { Notice } from "../../../ui/blocks";
import { SelectField } from "../../../ui/choices";
import { Dialog } from "../../../ui/Dialog";
import { Menu } from "../../../ui/Menu";
import { TextInLanguages } from "../../../ui/TextField";
import { Awaited } from "../Awaited";
import { useCabinet } from "../cabinet";
import { useAnswer } from "../useAnswer";
import { useCabinetWords } from "../words";

type Beginning = "blank" | "copy" | "template" | "series";

export function CreateMenu() {
  const t = useCabinetWords();
  const [beginning, setBeginning] = useState<Beginning | null>(null);
  return (
    <>
      <Menu
        look="primary"
        icon="plus"
        words={t("list.create")}
        items={[
          { key: "blank", icon: "square-pen", words: t("create.blank"), onChoose: () => setBeginning("blank") },
          { key: "copy", icon: "copy", words: t("create.copy"), onChoose: () => setBeginning("copy") },
          { key: "template", icon: "paperclip", words: t("create.template"), onChoose: () => setBeginning("template") },
          { key: "series", icon: "list-checks", words: t("create.series"), onChoose: () => setBeginning("series") },
        ]}
      />
      {beginning === "blank" && <CreateDialog title={t("create.blank")} pattern={{}} needsTitle onClose={() => setBeginning(null)} />}
      {beginning !== null && beginning !== "blank" && <PatternDialog beginning={beginning} onClose={() => setBeginning(null)} />}
    </>
  );
}

interface Choice {
  readonly value: string;
  readonly words: string;
  readonly pattern: Omit<Pattern, "title">;
}

function PatternDialog({ beginning, onClose }: { beginning: Exclude<Beginning, "blank">; onClose: () => void }) {
  const t = useCabinetWords();
  const text = useText();
  const { language } = useLanguage();
  const { api } = useCabinet();
  const question = useCallback(async (): Promise<readonly Choice[]> => {
    if (beginning === "template") return (await api.readTemplates()).templates.map(({ id, name }) => ({ value: id, words: text(name), pattern: { template: id } }));
    if (beginning === "series") return (await api.readSeries()).series.flatMap(({ id, name }) => (id ? [{ value: id, words: text(name), pattern: { series: id } }] : []));
    const lists = await Promise.all((["published", "documents", "preparing"] as const).map((group) => api.readMeetings(group, "", null)));
    return lists.flatMap(({ meetings }) => meetings.map(({ number, title, day }) => ({ value: String(number), words: [`№ ${number}`, day && dayAndYear(day, language), text(title)].filter(Boolean).join(", "), pattern: { copy_of: number } })));
    // The words of a language change with it; the choice begins anew then.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [api, beginning, language]);
  const answer = useAnswer(question);
  const [chosen, setChosen] = useState("");
  const title = { copy: t("create.copy"), template: t("create.template"), series: t("create.series") }[beginning];
  const choices = answer.value ?? [];
  const choice = choices.find(({ value }) => value === chosen) ?? choices[0];
  return (
    <CreateDialog title={title} pattern={choice?.pattern ?? null} needsTitle={beginning === "series"} onClose={onClose}>
      <Awaited answer={answer} again={answer.again} lines={2}>
        {(known) =>
          known.length === 0 ? (
            <Notice>{{ copy: t("create.noMeetings"), template: t("create.noTemplates"), series: t("create.noSeries") }[beginning]}</Notice>
          ) : (
            <SelectField label={{ copy: t("create.whichMeeting"), template: t("create.whichTemplate"), series: t("create.whichSeries") }[beginning]} value={choice?.value ?? ""} choices={known} onChange={setChosen} />
          )
        }
      </Awaited>
    </CreateDialog>
  );
}

interface CreateDialogProps {
  readonly title: string;
  /** null while nothing is chosen. */
  readonly pattern: Omit<Pattern, "title"> | null;
  /** Where the pattern has no title of its own. */
  readonly needsTitle: boolean;
  readonly onClose: () => void;
  readonly children?: React.ReactNode;
}

function CreateDialog({ title, pattern, needsTitle, onClose, children }: CreateDialogProps) {
  const t = useCabinetWords();
  const { language } = useLanguage();
  const { api, session, route } = useCabinet();
  const [name, setName] = useState<Text>({});
  const [isBusy, setBusy] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const isNamed = Object.keys(name).length > 0;
  const create = async (): Promise<void> => {
    setBusy(true);
    setFailed(false);
    try {
      const { number } = await session.run(() => api.begin({ title: isNamed ? name : null, ...pattern }));
      route.go({ page: "meeting", number, card: "substance" });
    } catch {
      setBusy(false);
      setFailed(true);
    }
  };
  return (
    <Dialog title={title} closeWords={t("create.back")} onClose={onClose} act={{ words: t("create.create"), onAct: () => void create(), isSafe: true, isDead: isBusy || pattern === null || (needsTitle && !isNamed) }}>
      {children}
      <TextInLanguages label={t("create.title")} hint={needsTitle ? t("create.titleHint") : t("create.titleOptional")} value={name} onChange={setName} languages={[language, ...LANGUAGES.filter((one) => one !== language)]} />
      {hasFailed && <Notice look="warn" isSpoken>{t("failed.unexpected")}</Notice>}
    </Dialog>
  );
}
