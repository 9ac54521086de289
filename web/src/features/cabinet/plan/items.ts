// Kinds of items: their sign, and how long one usually takes.
import type { ItemKind } from "../../../api/shapes";
import type { IconName } from "../../../ui/icons";

export const ITEM_KINDS = ["speech", "discussion", "ceremony", "anthem", "film", "silence", "break", "closing"] as const satisfies readonly ItemKind[];

export const ITEM_ICONS: Record<ItemKind, IconName> = {
  speech: "mic",
  discussion: "message-square",
  ceremony: "landmark",
  anthem: "music",
  film: "film",
  silence: "bell",
  break: "coffee",
  closing: "flag",
};

export const USUAL_MINUTES: Record<ItemKind, number> = { speech: 7, discussion: 20, ceremony: 5, anthem: 3, film: 3, silence: 1, break: 15, closing: 5 };

const CEREMONIES: readonly ItemKind[] = ["ceremony", "anthem", "silence", "film"];
export const isCeremony = (kind: ItemKind): boolean => CEREMONIES.includes(kind);
