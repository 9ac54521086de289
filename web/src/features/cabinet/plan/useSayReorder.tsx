// What happens to a row that is led elsewhere, said to readers of the screen.
import { useAnnounce } from "../../../ui/Announcer";
import type { ReorderEvent } from "../../../ui/useReorder";
import { usePlanWords } from "./words";

export function useSayReorder(nameOf: (id: string) => string): (event: ReorderEvent) => void {
  const t = usePlanWords();
  const announce = useAnnounce();
  return ({ kind, id, position, total }) => announce(t(`reorder.${kind}`, { name: nameOf(id), position, total }));
}
