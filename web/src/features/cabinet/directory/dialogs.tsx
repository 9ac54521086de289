// The smaller entries of the directory: an organisation, a body, a series of its meetings.
import { useState } from "react";

import { LANGUAGES, type Text } from "../../../api/contract";
import type { BodyShape, OrganisationShape, SeriesShape } from "../../../api/shapes";
import { useText } from "../../../i18n/LanguageContext";
import { Notice } from "../../../ui/blocks";
import { NumberField, SelectField } from "../../../ui/choices";
import { Dialog } from "../../../ui/Dialog";
import { TextField, TextInLanguages } from "../../../ui/TextField";
import { useCabinet } from "../cabinet";
import { useCabinetWords } from "../words";
import { useKeep } from "./useKeep";

const ORDINAL_MAX = 100_000;
const orNull = (text: Text): Text | null => (Object.keys(text).length > 0 ? text : null);
const isWritten = (text: Text): boolean => Object.keys(text).length > 0;

interface EntryProps<T> {
  readonly value: T;
  readonly onClose: () => void;
  readonly onKept: () => void;
}

export function OrganisationDialog({ value: first, onClose, onKept }: EntryProps<OrganisationShape>) {
  const t = useCabinetWords();
  const { keeping } = useCabinet();
  const [value, setValue] = useState(first);
  const { isBusy, problem, keep } = useKeep(() => {
    onKept();
    onClose();
  });
  return (
    <Dialog title={t(first.id ? "directory.organisation" : "directory.addOrganisation")} closeWords={t("create.back")} onClose={onClose} act={{ words: t("keep.keep"), onAct: () => keep(() => keeping.keepOrganisation(value)), isSafe: true, isDead: isBusy || !isWritten(value.name) }}>
      <TextInLanguages label={t("directory.name")} value={value.name} onChange={(name) => setValue({ ...value, name })} languages={LANGUAGES} />
      <TextInLanguages label={t("directory.shortName")} value={value.short_name ?? {}} onChange={(name) => setValue({ ...value, short_name: orNull(name) })} languages={LANGUAGES} />
      <TextInLanguages label={t("directory.region")} value={value.region ?? {}} onChange={(region) => setValue({ ...value, region: orNull(region) })} languages={LANGUAGES} />
      <TextField label={t("directory.press")} type="email" value={value.press_contact ?? ""} onChange={(contact) => setValue({ ...value, press_contact: contact.trim() || null })} />
      {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
    </Dialog>
  );
}

export function BodyDialog({ value: first, onClose, onKept }: EntryProps<BodyShape>) {
  const t = useCabinetWords();
  const { keeping } = useCabinet();
  const [value, setValue] = useState(first);
  const { isBusy, problem, keep } = useKeep(() => {
    onKept();
    onClose();
  });
  const sides = value.sides.length > 0 ? value.sides : [{}, {}];
  return (
    <Dialog title={t(first.id ? "directory.body" : "directory.addBody")} closeWords={t("create.back")} onClose={onClose} act={{ words: t("keep.keep"), onAct: () => keep(() => keeping.keepBody({ ...value, sides: sides.filter(isWritten) })), isSafe: true, isDead: isBusy || !isWritten(value.name) }}>
      <TextInLanguages label={t("directory.name")} value={value.name} onChange={(name) => setValue({ ...value, name })} languages={LANGUAGES} />
      <TextInLanguages label={t("directory.act")} value={value.founding_act ?? {}} onChange={(act) => setValue({ ...value, founding_act: orNull(act) })} languages={LANGUAGES} />
      {sides.map((side, index) => (
        <TextInLanguages key={index} label={t("directory.sideNumber", { number: index + 1 })} value={side} onChange={(name) => setValue({ ...value, sides: sides.map((one, at) => (at === index ? name : one)) })} languages={LANGUAGES} />
      ))}
      {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
    </Dialog>
  );
}

export function SeriesDialog({ value: first, bodies, onClose, onKept }: EntryProps<SeriesShape> & { readonly bodies: readonly BodyShape[] }) {
  const t = useCabinetWords();
  const text = useText();
  const { keeping } = useCabinet();
  const [value, setValue] = useState(first);
  const { isBusy, problem, keep } = useKeep(() => {
    onKept();
    onClose();
  });
  return (
    <Dialog title={t(first.id ? "directory.oneSeries" : "directory.addSeries")} closeWords={t("create.back")} onClose={onClose} act={{ words: t("keep.keep"), onAct: () => keep(() => keeping.keepSeries(value)), isSafe: true, isDead: isBusy || !isWritten(value.name) }}>
      <TextInLanguages label={t("directory.name")} value={value.name} onChange={(name) => setValue({ ...value, name })} languages={LANGUAGES} />
      <SelectField label={t("directory.body")} value={value.body} choices={bodies.flatMap(({ id, name }) => (id ? [{ value: id, words: text(name) }] : []))} onChange={(body) => setValue({ ...value, body })} />
      <SelectField label={t("directory.numbering")} value={value.numbering} choices={[{ value: "all", words: t("directory.numberAll") }, { value: "within_year", words: t("directory.numberYear") }]} onChange={(numbering) => setValue({ ...value, numbering })} />
      <NumberField label={t("directory.firstOrdinal")} value={value.first_ordinal} min={1} max={ORDINAL_MAX} onChange={(ordinal) => setValue({ ...value, first_ordinal: ordinal })} />
      {problem && <Notice look="warn" isSpoken>{problem}</Notice>}
    </Dialog>
  );
}
