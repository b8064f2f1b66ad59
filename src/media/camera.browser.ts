/** The camera of this device. */
import { err, ok, type Result } from '../base/result.ts';
import type { CameraProblem } from './camera.ts';

export interface Camera {
  /** What it sees, for a video element. */
  readonly stream: MediaStream;
  /** What that element shows at this moment; undefined: nothing yet. */
  take(video: HTMLVideoElement, name: string): Promise<File | undefined>;
  /** The camera is free again. */
  close(): void;
}

const type = 'image/jpeg';
const quality = 0.92;
/** More than most cameras of laptops have; each gives what it can. */
const ideal = { width: { ideal: 1920 }, height: { ideal: 1080 } };

const problemOf = (error: unknown): CameraProblem => {
  const name = error instanceof DOMException ? error.name : '';
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : 'no-camera';
};

const take: Camera['take'] = async (video, name) => {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0) return undefined;
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  const picture = await canvas.convertToBlob({ type, quality });
  return new File([picture], `${name}.jpg`, { type });
};

export const openCamera = async (): Promise<Result<Camera, CameraProblem>> => {
  const { mediaDevices } = navigator as { readonly mediaDevices?: MediaDevices };
  if (mediaDevices === undefined) return err('unsupported');
  try {
    const stream = await mediaDevices.getUserMedia({ video: ideal });
    const close = (): void => {
      for (const track of stream.getTracks()) track.stop();
    };
    return ok({ stream, take, close });
  } catch (error) {
    return err(problemOf(error));
  }
};
