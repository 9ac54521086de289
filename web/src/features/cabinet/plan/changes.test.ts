import { describe, expect, test } from "vitest";

import be from "../../../i18n/be/plan.json";
import en from "../../../i18n/en/plan.json";
import ru from "../../../i18n/ru/plan.json";
import { translator } from "../../../i18n/translate";
import { changedField } from "./changes";
import type { PlanSteps } from "./plan";
import type { PlanWords } from "./words";

const t: PlanWords = translator({ be, ru, en: en as typeof ru }, "ru");
const STEPS = {
  sides: [{ id: "side-1", name: { ru: "Республика Беларусь" }, sites: [{ id: "minsk", name: { ru: "Зал Минск" } }] }],
  roster: [{ id: "popkov", full_name: null, name: { ru: "Сергей Попков" }, post: { ru: "министр" }, count: 1 }],
  programme: [{ id: "veterans", title: { ru: "Слово ветеранов" } }],
} as unknown as PlanSteps;

describe("a changed field in words", () => {
  test.each([
    ["title.ru", "Полное название, по-русски"],
    ["roster[popkov].post.be", "Сергей Попков, должность полностью, для протокола, по-белорусски"],
    ["sides[side-1].sites[minsk].address", "Республика Беларусь, Зал Минск, адрес"],
    ["agenda[veterans].length", "Слово ветеранов, минут"],
    ["roster[gone].post", "Участники, должность полностью, для протокола"],
    ["nothing_known", "Другое"],
  ])("%s is said as people say it", (field, words) => expect(changedField(field, STEPS, "ru", t)).toBe(words));
});
