// Two soft notes through the chosen loudspeaker. Made by the browser: no file to fetch.

const NOTES_HZ = [523.25, 659.25] as const;
const NOTE_SECONDS = 0.45;
const VOLUME = 0.2;

type SpeakerContext = AudioContext & { setSinkId?: (id: string) => Promise<void> };

export async function playTestTone(speakerId: string | null): Promise<void> {
  const context: SpeakerContext = new AudioContext();
  try {
    if (speakerId !== null) await context.setSinkId?.(speakerId);
    const endings = NOTES_HZ.map((frequency, index) => {
      const start = context.currentTime + index * NOTE_SECONDS;
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(VOLUME, start + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_SECONDS);
      const note = new OscillatorNode(context, { frequency });
      note.connect(volume).connect(context.destination);
      note.start(start);
      note.stop(start + NOTE_SECONDS);
      return new Promise((resolve) => note.addEventListener("ended", resolve));
    });
    await Promise.all(endings);
  } finally {
    await context.close();
  }
}
