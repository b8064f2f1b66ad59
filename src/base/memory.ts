/**
 * Nothing else is in the memory of these bytes but a small head, as of a frame that has come alone:
 * who has them may give all of it away. Around a few bytes there is more, and it may be somebody else's.
 */
export const fillsMemory = ({ buffer, byteOffset, byteLength }: Uint8Array): boolean =>
  byteOffset + byteLength === buffer.byteLength && 64 * byteOffset <= byteLength;
