/** A film: cleaned where it is one that can be, measured and pictured by the browser's own decoder. */
import { err, ok, type Result } from '../base/result.ts';
import { drawPreview, thumbhashOf } from './draw.browser.ts';
import { cleanMovie } from './movie.ts';
import type { Cleaning } from './cleaning.ts';
import type { Prepared, PrepareOptions } from './prepare.browser.ts';
import type { PrepareProblem } from './prepare-problem.ts';

const patienceMs = 10_000;
/** Beyond any film: where a recording does not know how long it is, the end tells. */
const farAwaySeconds = 1e7;

const once = (video: HTMLVideoElement, event: string, start: () => void): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(false);
    }, patienceMs);
    const settle = (isThere: boolean) => () => {
      clearTimeout(timer);
      resolve(isThere);
    };
    video.addEventListener(event, settle(true), { once: true });
    video.addEventListener('error', settle(false), { once: true });
    start();
  });

const seek = (video: HTMLVideoElement, seconds: number): Promise<boolean> =>
  once(video, 'seeked', () => {
    video.currentTime = seconds;
  });

const look = async (video: HTMLVideoElement, url: string) => {
  const isOpen = await once(video, 'loadeddata', () => {
    video.src = url;
  });
  if (!isOpen || video.videoWidth === 0) return undefined;
  if (!Number.isFinite(video.duration) && !(await seek(video, farAwaySeconds))) return undefined;
  const { videoWidth: width, videoHeight: height, duration } = video;
  if (!Number.isFinite(duration)) return undefined;
  await seek(video, Math.min(1, duration / 10));
  const size = { width, height };
  const thumbhash = thumbhashOf(video, size);
  const durationMs = Math.round(duration * 1000);
  return {
    shape: { kind: 'video', ...size, durationMs, thumbhash } as const,
    preview: await drawPreview(video, size),
  };
};

const cleaned = async (
  file: File,
  type: string,
): Promise<Result<{ readonly data: Blob; readonly cleaning: Cleaning }, 'corrupt'>> => {
  if (type === 'video/webm') return ok({ data: new Blob([file], { type }), cleaning: 'as-is' });
  const film = await cleanMovie(file.size, async (from, byteCount) => {
    const piece = await file.slice(from, from + byteCount).arrayBuffer();
    return new Uint8Array(piece);
  });
  if (!film.ok) return err('corrupt');
  const parts = film.value.pieces.map((piece) =>
    piece instanceof Uint8Array ? piece : file.slice(piece.from, piece.to),
  );
  const cleaning = film.value.hasHiddenTrack ? 'partly' : 'cleaned';
  return ok({ data: new Blob(parts, { type }), cleaning });
};

export const prepareVideo = async (
  file: File,
  type: string,
  { asOriginal }: PrepareOptions,
): Promise<Result<Prepared, PrepareProblem>> => {
  const original = { data: new Blob([file], { type }), cleaning: 'original' as const };
  const film = asOriginal ? ok(original) : await cleaned(file, type);
  if (!film.ok) return film;
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  const url = URL.createObjectURL(film.value.data);
  const seen = await look(video, url);
  video.removeAttribute('src');
  URL.revokeObjectURL(url);
  // Sound alone, or what this browser cannot show: handed over as a file.
  const shown = seen ?? { shape: { kind: 'file' } as const, preview: undefined };
  return ok({ name: file.name, mediaType: type, ...film.value, ...shown });
};
