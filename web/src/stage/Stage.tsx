// The programme picture: one component for the hall's screen, the spectator's player and the participant's page. Draws the
// server's stage state and nothing else; where the pictures come from is the caller's business. A picture that is missing
// or frozen for three seconds gives way to a card, never to a still face.
import { useEffect, useState } from "react";

import type { StageCell, StageState, Text } from "../api/contract";
import { useText, useWords, Words } from "../i18n/LanguageContext";
import type { ShownMedia } from "../media/connection";
import { cellFit, cellPlaces, LOST_AFTER_MS, titleKind, type Place } from "./geometry";
import { VideoView } from "./VideoView";
import { stageWords } from "./words";

/** closed: its camera is switched off by its owner; absent: nobody there, or no picture arrives. */
export type CellPicture = { readonly state: "shown"; readonly media: ShownMedia } | { readonly state: "closed" | "absent" | "idle" };

interface StageProps {
  readonly stage: StageState;
  readonly pictureOf: (cell: StageCell) => CellPicture;
}

export function Stage({ stage, pictureOf }: StageProps) {
  const t = useWords(stageWords);
  const { layout, cells, title, card, item } = stage;
  const places = cellPlaces(layout, cells.length);
  const kind = titleKind(layout);
  const hasHead = kind === "band" && layout !== "grid";
  return (
    <div className="stage" data-layout={layout} role="group" aria-label={t("stage.programme")}>
      {hasHead && <Head head={stage.head} date={stage.date} />}
      {places.map((place, index) => {
        const cell = cells[index];
        return cell && <Cell key={`${cell.role} ${cell.identity ?? index}`} cell={cell} place={place} fit={cellFit(layout, index)} hasCity={layout !== "bridge" && layout !== "speaker"} picture={pictureOf(cell)} />;
      })}
      {layout === "bridge" && <Cities cells={cells} />}
      {item && (layout === "speaker-hall" || layout === "slides-speaker") && <Item item={item} />}
      {title && kind !== "none" && <Title kind={kind} title={title} />}
      {card && <Card card={card} />}
    </div>
  );
}

function Head({ head, date }: { head: Text; date: Text }) {
  return (
    <div className="stage__head">
      <Words of={head} /> <span><Words of={date} /></span>
    </div>
  );
}

function Cities({ cells }: { cells: readonly StageCell[] }) {
  return (
    <div className="stage__cities">
      {cells.map((cell) => (
        <b key={cell.role}><Words of={cell.city} /></b>
      ))}
    </div>
  );
}

function Item({ item }: { item: NonNullable<StageState["item"]> }) {
  const t = useWords(stageWords);
  const text = useText();
  return (
    <div className="stage__item">
      <small>{t("stage.item", { position: item.position, total: item.total })}</small>
      <b><Words of={item.title} /></b>
      {item.next && <span className="next">{t("stage.next", { title: text(item.next) })}</span>}
    </div>
  );
}

function Title({ kind, title }: { kind: "band" | "plate"; title: NonNullable<StageState["title"]> }) {
  return (
    <div className={title.side === "side-2" ? `stage__${kind} plate--2` : `stage__${kind}`}>
      <span className="name"><Words of={title.name} /></span>
      <span className="post"><Words of={title.post} /></span>
    </div>
  );
}

function Card({ card }: { card: NonNullable<StageState["card"]> }) {
  const text = useText();
  return (
    <div className="stage__card">
      <p className="title"><Words of={card.title} /></p>
      <i className="hem" />
      <p className="places">
        {card.places.map((place, index) => (
          <span key={text(place)} className="place">
            {index > 0 && <i />}
            <span><Words of={place} /></span>
          </span>
        ))}
      </p>
      <p className="card__when"><Words of={card.when} /></p>
    </div>
  );
}

interface CellProps {
  readonly cell: StageCell;
  readonly place: Place;
  readonly fit: "cover" | "contain";
  readonly hasCity: boolean;
  readonly picture: CellPicture;
}

function Cell({ cell, place, fit, hasCity, picture }: CellProps) {
  const t = useWords(stageWords);
  const text = useText();
  const [isFrozen, setFrozen] = useState(false);
  const isMissing = useLongTrue(picture.state === "absent", LOST_AFTER_MS);
  const isLost = cell.is_lost || isMissing || (picture.state === "shown" && isFrozen);
  return (
    <div className="cell" data-speaking={(cell.is_speaking && picture.state === "shown" && !isLost) || undefined} style={{ left: `${place.x}%`, top: `${place.y}%`, width: `${place.w}%`, height: `${place.h}%` }}>
      {picture.state === "shown" && <VideoView media={picture.media} label={text(cell.city)} fit={fit} onFrozen={setFrozen} />}
      {picture.state === "closed" && <p className="cell__note"><b><Words of={cell.city} /></b><span>{t("stage.cameraOff")}</span></p>}
      {picture.state === "absent" && !isLost && <p className="cell__note"><b><Words of={cell.city} /></b><span>{t("stage.connecting")}</span></p>}
      {isLost && (
        <div className="lost" role="status">
          <b><Words of={cell.lost} /></b>
          <span>{t("stage.continues")}</span>
        </div>
      )}
      {hasCity && !isLost && picture.state === "shown" && <span className="city"><Words of={cell.city} /></span>}
    </div>
  );
}

/** True once the condition has held for so long; false at once when it ends. */
function useLongTrue(condition: boolean, delayMs: number): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!condition) return undefined;
    const timer = setTimeout(() => setLong(true), delayMs);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [condition, delayMs]);
  return isLong && condition;
}
