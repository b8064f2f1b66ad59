/** The microphone of this device. */
import { err, ok, type Result } from '../base/result.ts';
import type { MicrophoneProblem } from './microphone.ts';

const types = ['audio/mp4;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4', 'audio/webm'];
const bitsPerSecond = 24_000;
/** As often as a bar of the running picture is drawn. */
const pieceMs = 1000;

export interface Recording {
  pause(): void;
  resume(): void;
  /** Loudness at this moment, 0 to 1. */
  level(): number;
  /** All that was said; the microphone is free again. */
  stop(): Promise<Blob>;
  cancel(): void;
}

const problemOf = (error: unknown): MicrophoneProblem => {
  const name = error instanceof DOMException ? error.name : '';
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : 'no-microphone';
};

const meterOf = (stream: MediaStream) => {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level: (): number => {
      analyser.getFloatTimeDomainData(samples);
      return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    },
    close: () => void context.close(),
  };
};

const recordingOf = (stream: MediaStream, type: string): Recording => {
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: bitsPerSecond });
  const meter = meterOf(stream);
  const pieces: Blob[] = [];
  const free = () => {
    meter.close();
    for (const track of stream.getTracks()) track.stop();
  };
  recorder.addEventListener('dataavailable', ({ data }) => {
    pieces.push(data);
  });
  recorder.start(pieceMs);
  return {
    pause: () => {
      if (recorder.state === 'recording') recorder.pause();
    },
    resume: () => {
      if (recorder.state === 'paused') recorder.resume();
    },
    level: meter.level,
    stop: () =>
      new Promise((resolve) => {
        const finish = () => {
          free();
          resolve(new Blob(pieces, { type: recorder.mimeType }));
        };
        if (recorder.state === 'inactive') {
          finish();
          return;
        }
        recorder.addEventListener('stop', finish, { once: true });
        recorder.stop();
      }),
    cancel: () => {
      if (recorder.state !== 'inactive') recorder.stop();
      free();
    },
  };
};

export const startRecording = async (): Promise<Result<Recording, MicrophoneProblem>> => {
  const { mediaDevices } = navigator as { readonly mediaDevices?: MediaDevices };
  const type = types.find((each) => MediaRecorder.isTypeSupported(each));
  if (mediaDevices === undefined || type === undefined) return err('unsupported');
  try {
    const stream = await mediaDevices.getUserMedia({ audio: true });
    return ok(recordingOf(stream, type));
  } catch (error) {
    return err(problemOf(error));
  }
};
