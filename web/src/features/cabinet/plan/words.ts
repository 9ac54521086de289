import { useWords } from "../../../i18n/LanguageContext";
import be from "../../../i18n/be/plan.json";
import en from "../../../i18n/en/plan.json";
import ru from "../../../i18n/ru/plan.json";
import type { Translator, WordKey } from "../../../i18n/translate";

type PlanCatalogue = Omit<typeof ru, never>;
export type PlanKey = WordKey<PlanCatalogue>;
export type PlanWords = Translator<PlanCatalogue>;

const catalogues = { be, ru, en: en as PlanCatalogue };

export const usePlanWords = (): PlanWords => useWords<PlanCatalogue>(catalogues);
