/** The one loudspeaker of the window. */
export interface Sound {
  listen(to: { readonly onTime: (ms: number) => void; readonly onEnd: () => void }): void;
  /** Undefined lets go of what is loaded. */
  load(url: string | undefined): void;
  /** False: the browser does not play it. */
  play(rate: number): Promise<boolean>;
  pause(): void;
  seek(ms: number): void;
  setRate(rate: number): void;
}

export const createSound = (): Sound => {
  const audio = new Audio();
  return {
    listen: ({ onTime, onEnd }) => {
      audio.addEventListener('timeupdate', () => {
        onTime(audio.currentTime * 1000);
      });
      audio.addEventListener('ended', onEnd);
    },
    load: (url) => {
      if (url === undefined) audio.removeAttribute('src');
      else audio.src = url;
    },
    play: async (rate) => {
      audio.playbackRate = rate;
      try {
        await audio.play();
        return true;
      } catch {
        return false; // Refused, undecodable, or paused before it began.
      }
    },
    pause: () => {
      audio.pause();
    },
    seek: (ms) => {
      audio.currentTime = ms / 1000;
    },
    setRate: (rate) => {
      audio.playbackRate = rate;
    },
  };
};
