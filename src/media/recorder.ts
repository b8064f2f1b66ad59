/** The microphone, while somebody speaks into it. */
export type MicrophoneProblem = 'denied' | 'no-microphone' | 'unsupported';

export interface Recording {
  pause(): void;
  resume(): void;
  /** Loudness at this moment, 0 to 1. */
  level(): number;
  /** All that was said; the microphone is free again. */
  stop(): Promise<Blob>;
  cancel(): void;
}
