// Where a meeting begins: from nothing, or as a copy of an earlier one.
import { Button } from "../../../ui/parts";
import { useCabinetWords } from "../words";

export function CreateMenu() {
  const t = useCabinetWords();
  return <Button look="primary" icon="plus" isDead>{t("list.create")}</Button>;
}
