// One picture in one element. Attaches the media for as long as it is shown and says when the picture has frozen.
import { useEffect, useLayoutEffect, useRef, useState } from "react";

import type { ShownMedia } from "../media/connection";
import { FrameWatch } from "./frameWatch";

const LOOK_EVERY_MS = 500;

interface VideoViewProps {
  readonly media: ShownMedia;
  readonly label: string;
  readonly fit?: "cover" | "contain";
  readonly isMirrored?: boolean;
  readonly onFrozen?: (isFrozen: boolean) => void;
}

export function VideoView({ media, label, fit = "cover", isMirrored = false, onFrozen }: VideoViewProps) {
  const element = useRef<HTMLVideoElement>(null);
  const [isInView, setInView] = useState(true);

  useLayoutEffect(() => {
    const video = element.current;
    if (!video) return undefined;
    media.attach(video);
    return () => void media.detach(video);
  }, [media]);

  useEffect(() => {
    const video = element.current;
    if (!video || !onFrozen) return undefined;
    const observer = new IntersectionObserver((entries) => setInView(entries.at(-1)?.isIntersecting ?? true));
    observer.observe(video);
    return () => observer.disconnect();
  }, [onFrozen]);

  useEffect(() => {
    const video = element.current;
    if (!video || !onFrozen) return undefined;
    const watch = new FrameWatch();
    const look = setInterval(() => {
      const canBeSeen = isInView && document.visibilityState === "visible";
      onFrozen(watch.isFrozen(video.getVideoPlaybackQuality().totalVideoFrames, canBeSeen, performance.now()));
    }, LOOK_EVERY_MS);
    return () => clearInterval(look);
  }, [media, isInView, onFrozen]);

  return <video ref={element} className="picture" data-fit={fit} data-mirrored={isMirrored || undefined} aria-label={label} playsInline muted autoPlay disablePictureInPicture />;
}
