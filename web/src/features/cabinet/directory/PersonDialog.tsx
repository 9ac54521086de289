// A person with the posts held from one day to another: a meeting copies the one that was valid on its day.
import { useState } from "react";

import { LANGUAGES, type Text } from "../../../api/contract";
import type { PersonShape } from "../../../api/shapes";
import { wallIn } from "../../../i18n/dates";
import { Notice } from "../../../ui/blocks";
import { DateField } from "../../../ui/DateField";
import { Dialog } from "../../../ui/Dialog";
import { Button } from "../../../ui/parts";
import { TextField, TextInLanguages } from "../../../ui/TextField";
import { useCabinet } from "../cabinet";
import { useCabinetWords } from "../words";
import styles from "./directory.module.css";
import { useKeep } from "./useKeep";

const orNull = (text: Text): Text | null => (Object.keys(text).length > 0 ? text : null);

export function PersonDialog({ person, onClose, onKept }: { person: PersonShape; onClose: () => void; onKept: () => void }) {
  const t = useCabinetWords();
  const { keeping, nowMs } = useCabinet();
  const [value, setValue] = useState(person);
  const { isBusy, problem, keep } = useKeep(() => {
    onKept();
    onClose();
  });
  const today = wallIn("Europe/Minsk", nowMs()).day;
  const { name, posts } = value;
  const setPost = (index: number, change: Partial<PersonShape["posts"][number]>): void => setValue({ ...value, posts: posts.map((post, at) => (at === index ? { ...post, ...change } : post)) });
  const isWhole = Object.keys(name.surname).length > 0 && posts.every(({ title }) => Object.keys(title).length > 0);
  return (
    <Dialog title={t(person.id ? "directory.person" : "directory.addPerson")} closeWords={t("create.back")} onClose={onClose} act={{ words: t("keep.keep"), onAct: () => keep(() => keeping.keepPerson(value)), isSafe: true, isDead: isBusy || !isWhole }}>
      <TextInLanguages label={t("directory.surname")} value={name.surname} onChange={(surname) => setValue({ ...value, name: { ...name, surname } })} languages={LANGUAGES} />
      <TextInLanguages label={t("directory.given")} value={name.given ?? {}} onChange={(given) => setValue({ ...value, name: { ...name, given: orNull(given) } })} languages={LANGUAGES} />
      <TextInLanguages label={t("directory.patronymic")} value={name.patronymic ?? {}} onChange={(patronymic) => setValue({ ...value, name: { ...name, patronymic: orNull(patronymic) } })} languages={LANGUAGES} />
      {posts.map((post, index) => (
        <fieldset key={post.id ?? index} className={styles.post}>
          <legend>{t("directory.postNumber", { number: index + 1 })}</legend>
          <TextInLanguages label={t("directory.post")} value={post.title} onChange={(title) => setPost(index, { title })} languages={LANGUAGES} />
          <div className={styles.pair}>
            <DateField label={t("directory.from")} value={post.since} onChange={(since) => setPost(index, { since })} today={today} />
            <DateField label={t("directory.until")} value={post.until} onChange={(until) => setPost(index, { until })} today={today} />
          </div>
          <Button isSmall look="quiet" onClick={() => setValue({ ...value, posts: posts.filter((_, at) => at !== index) })}>{t("directory.removePost")}</Button>
        </fieldset>
      ))}
      <Button icon="plus" onClick={() => setValue({ ...value, posts: [...posts, { id: null, title: {}, organisation: null, since: null, until: null, short_title: null }] })}>{t("directory.addPost")}</Button>
      <div className={styles.pair}>
        <TextField label={t("directory.email")} type="email" value={value.email ?? ""} onChange={(email) => setValue({ ...value, email: email.trim() || null })} />
        <TextField label={t("directory.phone")} type="tel" value={value.phone ?? ""} onChange={(phone) => setValue({ ...value, phone: phone || null })} />
      </div>
      {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
      {person.id && <Button look="quiet" onClick={() => keep(() => keeping.removePerson(person.id ?? ""))}>{t("directory.removePerson")}</Button>}
    </Dialog>
  );
}
