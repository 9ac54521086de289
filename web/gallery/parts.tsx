// Every part of the library and its states on one page, light and dark, with long names.
import { useState, type ReactNode } from "react";

import type { Text } from "../src/api/contract";
import { addMonths } from "../src/i18n/dates";
import { Bones, Empty, Failed, GroupRow, Notice, Steps, Table, Toolbar } from "../src/ui/blocks";
import { ChoiceField, NumberField, SelectField, Switch } from "../src/ui/choices";
import { DateField, HourField } from "../src/ui/DateField";
import { Meanwhile } from "../src/ui/Field";
import { Menu } from "../src/ui/Menu";
import { Button, ButtonLink, Icon, Key, Lamp, SideMark, Tag } from "../src/ui/parts";
import { TextField, TextInLanguages } from "../src/ui/TextField";
import { useReorder } from "../src/ui/useReorder";

const TODAY = "2016-03-30";
const NOTHING = (): void => undefined;

export const Parts = () => (
  <main className="page" style={{ display: "grid", gap: "2rem", paddingBlock: "2rem", maxWidth: "72rem", marginInline: "auto" }}>
    <h1>Части и состояния</h1>
    {(["light", "dark"] as const).map((theme) => (
      <section key={theme} data-theme={theme} style={{ background: "var(--ground)", color: "var(--text)", display: "grid", gap: "1.5rem", padding: "1.5rem", borderRadius: "10px" }}>
        <Row>
          <Lamp state="air">В эфире</Lamp><Lamp state="ok">Готово</Lamp><Lamp state="warn">Внимание</Lamp><Lamp state="off">Нет связи</Lamp><Lamp state="wait">Ждёт</Lamp>
          <Tag>Речь</Tag><Tag look="ceremony" icon="music">Церемония</Tag><Tag look="warn">Просрочено</Tag><Tag look="ok">Принято</Tag><Tag look="demo">демо-данные</Tag>
          <SideMark order={1}>Республика Беларусь</SideMark><SideMark order={2}>Курская область</SideMark>
        </Row>
        <Row>
          <Button look="primary">Сохранить</Button><Button>Отмена</Button><Button look="quiet">Убрать</Button><Button isDead>Нельзя</Button><Button icon="plus">Пункт</Button><Button isSmall icon="copy">Копия</Button>
          <ButtonLink href="#page" icon="globe">Анонс</ButtonLink>
          <Menu words="Создать" look="primary" icon="plus" items={[{ key: "blank", words: "С чистого листа", icon: "plus", onChoose: NOTHING }, { key: "copy", words: "Копию прошлого мероприятия", icon: "copy", onChoose: NOTHING }]} />
          <span><Key>Пробел</Key> взять</span>
        </Row>
        <Fields />
      </section>
    ))}
    <Steps label="Шаги" current="people" onFollow={(event) => event.preventDefault()} steps={[
      { key: "substance", href: "#1", words: "1. Суть", state: "ok", stateWords: "готово" },
      { key: "sides", href: "#2", words: "2. Стороны и площадки", state: "warn", stateWords: "есть вопросы" },
      { key: "people", href: "#3", words: "3. Участники", state: "wait", stateWords: "не начато" },
    ]} />
    <Notice>Обычное пояснение.</Notice>
    <Notice look="warn" title="Докладчик удалённо." action={<Button isSmall>Понятно</Button>}>Проверьте связь до 10:50.</Notice>
    <Notice look="air" title="Мероприятие отменено.">Страница остаётся на своём адресе.</Notice>
    <Notice look="ok">Ссылка скопирована.</Notice>
    <Empty title="Участников пока нет" action={<Button look="primary">Вставить список</Button>}>Вставьте список из письма: одна строка — один человек.</Empty>
    <Failed title="Сервер не отвечает" action={<Button look="primary">Попробовать ещё раз</Button>}>Проверьте сеть. Страница ничего не потеряла.</Failed>
    <Bones words="Загружается" />
    <Rows />
  </main>
);

const Row = ({ children }: { children: ReactNode }) => <div style={{ display: "flex", flexWrap: "wrap", gap: ".75rem 1.25rem", alignItems: "center" }}>{children}</div>;

function Fields() {
  const [title, setTitle] = useState<Text>({ ru: "Молодёжь двух стран", be: "Моладзь дзвюх краін: што нас яднае ўжо дваццаць гадоў" });
  const [name, setName] = useState("заместитель председателя комитета по транспорту, архитектуре и строительству Минского городского исполнительного комитета");
  const [day, setDay] = useState<string | null>("2016-04-01");
  const [hour, setHour] = useState<string | null>("11:00");
  const [minutes, setMinutes] = useState(7);
  const [isShown, setShown] = useState(true);
  const [webcast, setWebcast] = useState("open");
  return (
    <div style={{ display: "grid", gap: "1.25rem", gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 18rem), 1fr))", alignItems: "start" }}>
      <TextInLanguages label="Название" value={title} onChange={setTitle} proposed={["be"]} hint="Курсивом то, что предложено" />
      <TextField label="Должность полностью" isLong value={name} onChange={setName} hint="118 знаков" aside={<Meanwhile who="Анна Ковалевич, 16:20:" theirs="заместитель председателя комитета" take="Взять этот текст" keep="Оставить мой" onTake={NOTHING} onKeep={NOTHING} />} />
      <DateField label="День" value={day} onChange={setDay} today={addMonths(TODAY, 0)} />
      <HourField label="Окончание" value={hour} onChange={setHour} error="Раньше начала. Начало в 11:00" />
      <NumberField label="Минут" value={minutes} min={1} max={90} onChange={setMinutes} unit="мин" />
      <SelectField label="Вид" value="speech" choices={[{ value: "speech", words: "речь" }, { value: "discussion", words: "обсуждение" }]} onChange={NOTHING} />
      <Switch label="Показывать в анонсе и титрах" hint="человек согласен" isOn={isShown} onChange={setShown} />
      <ChoiceField name="webcast" label="Трансляция" value={webcast} onChange={setWebcast} choices={[{ value: "none", words: "Нет", hint: "Смотрят только участники." }, { value: "open", words: "Открыта всем", hint: "На странице анонса." }]} />
    </div>
  );
}

function Rows() {
  const [order, setOrder] = useState<readonly string[]>(["Открытие", "Приветствия", "Слово ветеранов", "Закрытие"]);
  const [said, setSaid] = useState("");
  const reorder = useReorder({ order, onPut: setOrder, say: ({ kind, id, position }) => setSaid(`${kind} ${id} ${position}`) });
  return (
    <>
      <Toolbar label="Над списком"><Button icon="plus">Пункт</Button><span role="status">{said}</span></Toolbar>
      <Table caption="Программа" head={[<span key="grip" className="visually-hidden">Переставить</span>, "Пункт", "Минут"]}>
        <tbody>
          <GroupRow columns={3}>Утро</GroupRow>
          {reorder.order.map((id) => (
            <tr key={id} {...reorder.row(id)}>
              <td><button type="button" className="button button--small" aria-label={id} {...reorder.grip(id)}><Icon name="grip-vertical" /></button></td>
              <td>{id}</td>
              <td>5</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}
