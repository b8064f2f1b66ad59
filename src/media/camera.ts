/** Why no picture can be taken. */
export type CameraProblem = 'denied' | 'no-camera' | 'unsupported';
