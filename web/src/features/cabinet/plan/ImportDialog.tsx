// A list of people by paste or by file: first the list, then how each of its lines was understood, then the roster. Nothing is
// saved before the last step.
import { useState } from "react";

import { ApiError } from "../../../api/client";
import { Notice } from "../../../ui/blocks";
import { Dialog } from "../../../ui/Dialog";
import { TextField } from "../../../ui/TextField";
import styles from "./import.module.css";
import { ImportPreview } from "./ImportPreview";
import { readingsOf, takenLines, type Reading } from "./reading";
import type { RosterTools } from "./rosterTools";
import { usePlan } from "./usePlan";
import { usePlanWords, type PlanKey } from "./words";

const REFUSALS: Readonly<Record<string, PlanKey>> = {
  document_unknown: "import.unknown",
  document_outdated: "import.outdated",
  document_locked: "import.locked",
  document_broken: "import.broken",
  document_too_large: "import.tooLarge",
  request_too_large: "import.tooLarge",
  too_many_rows: "import.tooManyRows",
  unreachable: "import.unreachable",
};

interface ImportDialogProps {
  readonly readRoster: NonNullable<RosterTools["readRoster"]>;
  readonly onClose: () => void;
}

export function ImportDialog({ readRoster, onClose }: ImportDialogProps) {
  const t = usePlanWords();
  const { steps, languages, write } = usePlan();
  const [pasted, setPasted] = useState("");
  const [isReading, setReading] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [readings, setReadings] = useState<readonly Reading[] | null>(null);
  const read = async (document: Blob): Promise<void> => {
    setReading(true);
    setRefusal(null);
    try {
      const { rows } = await readRoster(document);
      if (rows.length === 0) setRefusal(t("import.nothing"));
      else setReadings(readingsOf(rows, steps.sides, languages, steps.substance.language));
    } catch (error) {
      setRefusal(t((error instanceof ApiError ? REFUSALS[error.code] : undefined) ?? "import.failed"));
    } finally {
      setReading(false);
    }
  };
  const lines = readings ? takenLines(readings) : [];
  const take = (): void => {
    write(["roster"], [...steps.roster, ...lines]);
    // «и другие» is said of the side, not of a person.
    for (const side of new Set((readings ?? []).filter(({ row }) => row.has_others || row.kind === "others").map(({ line }) => line.side))) write(["sides", side, "has_others"], true);
    onClose();
  };
  if (readings) {
    return (
      <Dialog title={t("import.check")} closeWords={t("dialog.back")} onClose={onClose} isWide act={{ words: t("import.take", { count: lines.length }), onAct: take, isSafe: true, isDead: lines.length === 0 }}>
        <ImportPreview readings={readings} onChange={setReadings} />
      </Dialog>
    );
  }
  return (
    <Dialog title={t("import.title")} closeWords={t("dialog.back")} onClose={onClose} act={{ words: t(isReading ? "import.reading" : "import.read"), onAct: () => void read(new Blob([pasted], { type: "text/plain" })), isSafe: true, isDead: isReading || pasted.trim() === "" }}>
      <p>{t("import.hint")}</p>
      <TextField label={t("import.paste")} isLong value={pasted} onChange={setPasted} />
      <label className={styles.file}>
        <span>{t("import.file")}</span>
        <input
          type="file"
          accept=".docx,.xlsx,.txt,.csv"
          disabled={isReading}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            // The content says what it is; a browser's guess of the type is not asked.
            if (file) void read(new Blob([file], { type: "application/octet-stream" }));
            event.target.value = "";
          }}
        />
      </label>
      {refusal && <Notice look="warn" isSpoken>{refusal}</Notice>}
    </Dialog>
  );
}
