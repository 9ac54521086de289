import be from "../../i18n/be/room.json";
import en from "../../i18n/en/room.json";
import ru from "../../i18n/ru/room.json";
import { useWords } from "../../i18n/LanguageContext";
import type { Translator, WordKey } from "../../i18n/translate";

type RoomCatalogue = Omit<typeof ru, never>;
export type RoomKey = WordKey<RoomCatalogue>;

// Numbers have fewer endings in English: the keys are those of the Russian catalogue, the endings each language's own.
const catalogues = { be, ru, en: en as RoomCatalogue };

export const useRoomWords = (): Translator<RoomCatalogue> => useWords<RoomCatalogue>(catalogues);
