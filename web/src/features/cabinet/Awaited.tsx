// A page around what it waits for: bones, then the page, or why not and how to ask again.
import type { ReactNode } from "react";

import { Bones, Failed } from "../../ui/blocks";
import { Button } from "../../ui/parts";
import type { Answer } from "./useAnswer";
import { useCabinetWords } from "./words";

export function Awaited<T>({ answer, again, lines, children }: { answer: Answer<T>; again: () => void; lines?: number; children: (value: T) => ReactNode }) {
  const t = useCabinetWords();
  if (answer.value !== null) return children(answer.value);
  if (answer.state !== "failed") return <Bones words={t("frame.loading")} lines={lines} />;
  const { refusal } = answer;
  if (refusal.status === 404 || refusal.status === 403) return <Failed title={t("failed.absent")} action={null}>{t("failed.absentHint")}</Failed>;
  return (
    <Failed title={t(refusal.status === null ? "failed.unreachable" : "failed.title")} action={<Button look="primary" onClick={again}>{t("failed.again")}</Button>}>
      {t(refusal.status === null ? "failed.unreachableHint" : "failed.unexpected")}
    </Failed>
  );
}
