// What every field has around it: a label above, a hint below, an error in place of the hint, and what somebody else wrote
// there meanwhile. The label is never a placeholder; hint and error are said to readers of the screen.
import { useId, type ReactNode } from "react";

import styles from "./fields.module.css";
import { Icon } from "./parts";

/** Every field of the library takes these. */
export interface FieldProps {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  /** What must be answered about this field, such as another person's words (see `Meanwhile`). */
  readonly aside?: ReactNode;
}

/** What the control inside must carry to belong to its label and its words. */
interface ControlAttributes {
  readonly id: string;
  readonly "aria-invalid"?: true;
  readonly "aria-describedby"?: string;
}

interface FrameProps extends FieldProps {
  readonly className?: string;
  readonly children: (control: ControlAttributes) => ReactNode;
}

export function Field({ label, isLabelHidden = false, hint, error, aside, className = "", children }: FrameProps) {
  const id = useId();
  const words = error ?? hint;
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id} className={isLabelHidden ? "visually-hidden" : undefined}>{label}</label>
      {children({ id, "aria-invalid": error ? true : undefined, "aria-describedby": words ? `${id}-words` : undefined })}
      {words && <FieldWords id={`${id}-words`} hint={hint} error={error} />}
      {aside}
    </div>
  );
}

interface GroupProps extends FieldProps {
  readonly className?: string;
  /** Beside the label, on its line. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** The same around several controls that are one answer. */
export function FieldGroup({ label, isLabelHidden = false, hint, error, aside, className = "", action, children }: GroupProps) {
  const id = useId();
  const words = error ?? hint;
  return (
    <fieldset className={`field ${styles.group} ${className}`} aria-describedby={words ? `${id}-words` : undefined}>
      <legend className={isLabelHidden ? "visually-hidden" : styles.legend}>{label}</legend>
      {action && <div className={styles.action}>{action}</div>}
      {children}
      {words && <FieldWords id={`${id}-words`} hint={hint} error={error} />}
      {aside}
    </fieldset>
  );
}

function FieldWords({ id, hint, error }: { id: string; hint: ReactNode; error: string | undefined }) {
  return error ? (
    <p id={id} className={styles.error} role="alert">
      <Icon name="triangle-alert" size="s" />
      {error}
    </p>
  ) : (
    <small id={id}>{hint}</small>
  );
}

/** Another person's words for the same field, and the choice between them and one's own. */
export function Meanwhile({ who, theirs, take, keep, onTake, onKeep }: { who: string; theirs: string; take: string; keep: string; onTake: () => void; onKeep: () => void }) {
  return (
    <div className={styles.meanwhile} role="group" aria-label={who}>
      <p><strong>{who}</strong></p>
      <blockquote>{theirs}</blockquote>
      <div>
        <button type="button" className="button button--small" onClick={onTake}>{take}</button>
        <button type="button" className="button button--small button--quiet" onClick={onKeep}>{keep}</button>
      </div>
    </div>
  );
}
