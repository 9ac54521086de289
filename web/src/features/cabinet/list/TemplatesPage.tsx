// Patterns of meetings. A pattern is made of a meeting, on its card; here they are seen and put away.
import { useCallback } from "react";

import { useText, Words } from "../../../i18n/LanguageContext";
import { Empty, Notice, Table } from "../../../ui/blocks";
import { Button } from "../../../ui/parts";
import { Awaited } from "../Awaited";
import { useAccount, useCabinet } from "../cabinet";
import styles from "../directory/directory.module.css";
import { useKeep } from "../directory/useKeep";
import { useAnswer } from "../useAnswer";
import { useCabinetWords } from "../words";

export function TemplatesPage() {
  const t = useCabinetWords();
  const text = useText();
  const { api } = useCabinet();
  const account = useAccount();
  const answer = useAnswer(useCallback(() => api.readTemplates(), [api]));
  const { problem, keep } = useKeep(answer.again);
  return (
    <>
      <h1 tabIndex={-1} className={styles.title}>{t("nav.templates")}</h1>
      {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
      <Awaited answer={answer} again={answer.again}>
        {({ templates }) =>
          templates.length === 0 ? (
            <Empty title={t("templates.empty")}>{t("templates.emptyHint")}</Empty>
          ) : (
            <section className={styles.sheet}>
              <Table caption={t("nav.templates")} isCaptionHidden className={styles.table} head={[t("directory.name"), t("list.places"), t("templates.items"), <span key="acts" className="visually-hidden">{t("templates.remove")}</span>]}>
                <tbody>
                  {templates.map((template) => (
                    <tr key={template.id}>
                      <td><Words of={template.name} /><small><Words of={template.title} /></small></td>
                      <td>{template.cities.map(text).join(", ")}</td>
                      <td>{template.items}</td>
                      <td>{account.can_plan && <Button isSmall look="quiet" aria-label={t("templates.removeOf", { name: text(template.name) })} onClick={() => keep(() => api.removeTemplate(template.id))}>{t("templates.remove")}</Button>}</td>
                    </tr>
                  ))}
                </tbody>
              </Table>
            </section>
          )
        }
      </Awaited>
    </>
  );
}
