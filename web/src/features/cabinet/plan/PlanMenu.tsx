// Acts that change the standing of a meeting: another day, the end of it, back to a draft.
import { useState } from "react";

import { Menu, type MenuItem } from "../../../ui/Menu";
import { useAccount, useCabinet } from "../cabinet";
import { CancelDialog } from "./CancelDialog";
import { ScheduleDialog } from "./ScheduleDialog";
import { TemplateDialog } from "./TemplateDialog";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

export function PlanMenu() {
  const t = usePlanWords();
  const { state } = usePlan();
  const account = useAccount();
  const { route } = useCabinet();
  const [open, setOpen] = useState<"schedule" | "cancel" | "template" | null>(null);
  const { answer } = state.whole;
  const items: MenuItem[] = [{ key: "letters", icon: "mail", words: t("menu.letters"), onChoose: () => route.go({ page: "meeting", number: answer.number, card: "letters" }) }, { key: "history", icon: "history", words: t("menu.history"), onChoose: () => route.go({ page: "meeting", number: answer.number, card: "history" }) }];
  if (!account.can_plan) return <Menu isSmall words={t("menu.more")} items={items} />;
  items.push({ key: "template", icon: "paperclip", words: t("menu.template"), onChoose: () => setOpen("template") });
  if (!answer.is_frozen && answer.announced_at !== null) items.push({ key: "schedule", icon: "calendar-days", words: t("menu.schedule"), onChoose: () => setOpen("schedule") });
  if (answer.next_phases.includes("cancelled")) items.push({ key: "cancel", icon: "x", words: t("menu.cancel"), onChoose: () => setOpen("cancel") });
  if (answer.next_phases.includes("discarded")) items.push({ key: "discard", icon: "trash-2", words: t("menu.discard"), onChoose: () => setOpen("cancel") });
  return (
    <>
      <Menu isSmall words={t("menu.more")} items={items} />
      {open === "schedule" && <ScheduleDialog onClose={() => setOpen(null)} />}
      {open === "template" && <TemplateDialog onClose={() => setOpen(null)} />}
      {open === "cancel" && <CancelDialog onClose={() => setOpen(null)} />}
    </>
  );
}
