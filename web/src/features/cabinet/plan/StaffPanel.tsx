// Accounts with a role in this meeting: co-chairs, secretary, operator, technicians. Saved at once, apart from the draft.
import { useCallback, useState } from "react";

import { ApiError } from "../../../api/client";
import type { MeetingRole } from "../../../api/shapes";
import { Bones } from "../../../ui/blocks";
import { SelectField } from "../../../ui/choices";
import { Button } from "../../../ui/parts";
import { TextField } from "../../../ui/TextField";
import { useCabinet } from "../cabinet";
import { useAnswer } from "../useAnswer";
import styles from "./plan.module.css";
import { usePlan } from "./usePlan";
import { usePlanWords } from "./words";

const ROLES = ["co_chair", "secretary", "operator", "technician"] as const;

export function StaffPanel() {
  const t = usePlanWords();
  const { api, session } = useCabinet();
  const { number } = usePlan().state.whole.answer;
  const staff = useAnswer(useCallback(() => api.readStaff(number), [api, number]));
  const [login, setLogin] = useState("");
  const [role, setRole] = useState<MeetingRole>("operator");
  const [problem, setProblem] = useState<string | null>(null);
  const act = async (work: () => Promise<unknown>): Promise<void> => {
    setProblem(null);
    try {
      await session.run(work);
      staff.again();
    } catch (error) {
      setProblem(t(error instanceof ApiError && (error.status === 404 || error.status === 422) ? "staff.unknown" : "act.failed"));
    }
  };
  const assign = (): void => void act(async () => {
    await api.assignStaff(number, login.trim(), role);
    setLogin("");
  });
  return (
    <section className={styles.panel} aria-labelledby="staff-title">
      <h2 id="staff-title">{t("staff.title")}</h2>
      <p className={styles.quiet}>{t("staff.hint")}</p>
      {staff.value === null ? (
        staff.state === "failed" ? <p className={styles.quiet}>{t("act.failed")}</p> : <Bones words={t("staff.title")} lines={2} />
      ) : (
        <ul className={styles.chosen}>
          {staff.value.map((one) => (
            <li key={`${one.account} ${one.role}`}>
              <span>{one.name}<small>{t(`meetingRole.${one.role}`)}</small></span>
              <Button isSmall look="quiet" aria-label={t("staff.withdrawOf", { name: one.name })} onClick={() => void act(() => api.withdrawStaff(number, one.account, one.role))}>{t("staff.withdraw")}</Button>
            </li>
          ))}
          {staff.value.length === 0 && <li className={styles.quiet}>{t("staff.nobody")}</li>}
        </ul>
      )}
      <div className={styles.pair}>
        <TextField label={t("staff.login")} value={login} onChange={setLogin} error={problem ?? undefined} />
        <SelectField label={t("person.role")} value={role} choices={ROLES.map((value) => ({ value, words: t(`meetingRole.${value}`) }))} onChange={setRole} />
      </div>
      <Button icon="plus" className={styles.start} isDead={login.trim() === ""} onClick={assign}>{t("staff.assign")}</Button>
    </section>
  );
}
