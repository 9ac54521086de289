import { useWords } from "../../i18n/LanguageContext";
import be from "../../i18n/be/office.json";
import en from "../../i18n/en/office.json";
import ru from "../../i18n/ru/office.json";
import type { Translator } from "../../i18n/translate";

type OfficeCatalogue = Omit<typeof ru, never>;
const catalogues = { be, ru, en };

export const useOfficeWords = (): Translator<OfficeCatalogue> => useWords<OfficeCatalogue>(catalogues);
