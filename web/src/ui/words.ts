import { useWords } from "../i18n/LanguageContext";
import be from "../i18n/be/ui.json";
import en from "../i18n/en/ui.json";
import ru from "../i18n/ru/ui.json";
import type { Translator } from "../i18n/translate";

type UiCatalogue = Omit<typeof ru, never>;
const catalogues = { be, ru, en };

export const useUiWords = (): Translator<UiCatalogue> => useWords<UiCatalogue>(catalogues);
