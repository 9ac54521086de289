// One polite live region for a page, for what an act has changed elsewhere than under the focus.
import { createContext, use, useMemo, useState, type ReactNode } from "react";

const AnnounceContext = createContext<(words: string) => void>(() => undefined);

export function Announcer({ children }: { children: ReactNode }) {
  const [words, setWords] = useState({ text: "", times: 0 });
  const announce = useMemo(() => (text: string) => setWords(({ times }) => ({ text, times: times + 1 })), []);
  return (
    <AnnounceContext value={announce}>
      {children}
      {/* The same words twice are two events: a new node is read anew. */}
      <p className="visually-hidden" role="status"><span key={words.times}>{words.text}</span></p>
    </AnnounceContext>
  );
}

export const useAnnounce = (): ((words: string) => void) => use(AnnounceContext);
