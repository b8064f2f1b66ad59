/** Why nothing can be recorded. */
export type MicrophoneProblem = 'denied' | 'no-microphone' | 'unsupported';
