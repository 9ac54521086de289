import { useWords } from "../../i18n/LanguageContext";
import be from "../../i18n/be/cabinet.json";
import en from "../../i18n/en/cabinet.json";
import ru from "../../i18n/ru/cabinet.json";
import type { Translator, WordKey } from "../../i18n/translate";

type CabinetCatalogue = Omit<typeof ru, never>;
export type CabinetKey = WordKey<CabinetCatalogue>;
export type CabinetWords = Translator<CabinetCatalogue>;

const catalogues = { be, ru, en: en as CabinetCatalogue };

export const useCabinetWords = (): CabinetWords => useWords<CabinetCatalogue>(catalogues);
