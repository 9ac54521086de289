// The participant's page: one screen for each step of the room's state machine.
import { useDocumentLanguage } from "../../i18n/LanguageContext";
import type { DeskState } from "../../media/deviceDesk";
import type { RoomStore } from "../../media/roomStore";
import { Button, Lamp } from "../../ui/parts";
import { useObservable } from "../../ui/useObservable";
import { Announcer } from "./Announcer";
import { CheckScreen } from "./CheckScreen";
import { endWords, mayAskAgain, refusalWords } from "./failures";
import { MeetingScreen } from "./MeetingScreen";
import { Message } from "./Message";
import { RoomHeader } from "./RoomHeader";
import styles from "./room.module.css";
import { useRoomWords, type RoomKey } from "./words";

export function RoomPage({ store }: { store: RoomStore }) {
  const state = useObservable(store);
  const desk = useObservable(store.desk);
  useDocumentLanguage();
  const isMeeting = state.step === "inside" || state.step === "returning";
  return (
    <div className={styles.room} data-step={state.step}>
      <RoomHeader joined={state.joined} live={state.live} hasDate={state.step === "checking" || state.step === "entering"} isHeading={isMeeting}>
        {isMeeting && <Visibility desk={desk} link={state.step === "inside" ? state.link : "gone"} />}
      </RoomHeader>
      <Screen store={store} />
      <Announcer state={{ ...state, isMicrophoneClosedByOthers: desk.microphone.isClosedByOthers }} />
    </div>
  );
}

function Screen({ store }: { store: RoomStore }) {
  const t = useRoomWords();
  const state = useObservable(store);
  const desk = useObservable(store.desk);
  const { joined, live } = state;

  if (state.step === "refused" && state.refusal) {
    const words = refusalWords(state.refusal.code);
    return (
      <Message title={t(words.title)} text={t(words.text)}>
        {mayAskAgain(state.refusal.code) && <Button look="primary" onClick={() => void store.open()}>{t("refused.again")}</Button>}
      </Message>
    );
  }
  if (state.step === "ended" && state.end) {
    const words = endWords(state.end);
    return (
      <Message title={t(words.title)} text={t(words.text)}>
        {state.end === "left" && <Button look="primary" onClick={() => void store.comeBack()}>{t("ended.comeBack")}</Button>}
        {state.end === "duplicate" && <Button look="primary" onClick={() => void store.comeBack()}>{t("ended.takeOver")}</Button>}
        {joined && <a className="button" href={`/m/${joined.meeting.number}`}>{t("ended.page")}</a>}
      </Message>
    );
  }
  if (!joined || !live) return <Message title={t("opening.title")} text={t("opening.text")} isBusy />;
  if (state.step === "inside" || state.step === "returning") return <MeetingScreen store={store} state={state} joined={joined} live={live} desk={desk} />;
  return <CheckScreen store={store} state={state} joined={joined} desk={desk} />;
}

/** Always on the screen: whether one is seen and heard is never a thing to guess. */
function Visibility({ desk, link }: { desk: DeskState; link: "steady" | "restoring" | "gone" }) {
  const t = useRoomWords();
  // Pictures may still flow while the signalling is away, or not: then it cannot be said.
  if (link === "restoring") return <Lamp state="wait">{t("top.restoring")}</Lamp>;
  const isSeen = link === "steady" && desk.camera.isOpen;
  const isHeard = link === "steady" && desk.microphone.isOpen;
  const words: RoomKey = isSeen ? (isHeard ? "top.seenAndHeard" : "top.seenOnly") : isHeard ? "top.heardOnly" : "top.neither";
  return <Lamp state={isSeen && isHeard ? "ok" : isSeen || isHeard ? "wait" : "off"}>{t(words)}</Lamp>;
}
