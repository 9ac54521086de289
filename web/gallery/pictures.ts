// Drawn halls in place of cameras: an SVG repainted on a canvas, so that a video element plays it like any stream.
import hallKursk from "./pictures/hall-kursk.svg";
import hallMinsk from "./pictures/hall-minsk.svg";
import remote from "./pictures/remote.svg";
import slide from "./pictures/slide.svg";
import speakerKursk from "./pictures/speaker-kursk.svg";
import speakerMinsk from "./pictures/speaker-minsk.svg";
import type { RemotePicture, ShownMedia } from "../src/media/connection";

const DRAWINGS = { hallKursk, hallMinsk, remote, slide, speakerKursk, speakerMinsk };
export type Drawing = keyof typeof DRAWINGS;

const FRAMES_A_SECOND = 5;

async function play(drawing: Drawing, video: HTMLVideoElement): Promise<void> {
  const image = new Image(1280, 720);
  image.src = DRAWINGS[drawing];
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 1280;
  canvas.height = 720;
  const paint = (): void => canvas.getContext("2d")?.drawImage(image, 0, 0, 1280, 720);
  paint();
  video.srcObject = canvas.captureStream(FRAMES_A_SECOND);
  setInterval(paint, 1000 / FRAMES_A_SECOND);
}

export const drawn = (drawing: Drawing): ShownMedia => ({
  attach: (element) => void play(drawing, element as HTMLVideoElement),
  detach: (element) => (element.srcObject = null),
});

export const drawnPicture = (drawing: Drawing): RemotePicture => ({ media: drawn(drawing), isMuted: false });
