import be from "../i18n/be/stage.json";
import en from "../i18n/en/stage.json";
import ru from "../i18n/ru/stage.json";

export const stageWords = { be, ru, en };
