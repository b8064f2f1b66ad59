/**
 * Cuts bytes that come in any pieces into frames, each preceded by its length as u32be. A frame is in
 * memory of its own that can be given to a worker: it is copied there, or has come alone, as a chunk of
 * a file does, and stays where it is. The fixed width is on purpose: a varint would let a peer send
 * nothing but continuation bytes for ever.
 */
import { readU32be } from '../base/bytes.ts';
import { fillsMemory } from '../base/memory.ts';

const frameLengthBytes = 4;

export class FrameCutter {
  readonly #frameBytesMax: number;
  readonly #length = new Uint8Array(frameLengthBytes);
  #lengthCount = 0;
  #frame: Uint8Array | undefined;
  #frameCount = 0;

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  /** The frames that these bytes make whole. Throws an Error where one would be too long. */
  *cut(bytes: Uint8Array): Generator<Uint8Array> {
    let rest = bytes;
    while (rest.length > 0) {
      rest = this.#frame === undefined ? this.#takeLength(rest) : this.#take(this.#frame, rest);
      if (this.#frame?.length !== this.#frameCount) continue;
      yield this.#frame;
      this.#frame = undefined;
    }
  }

  #takeLength(bytes: Uint8Array): Uint8Array {
    const taken = bytes.subarray(0, frameLengthBytes - this.#lengthCount);
    this.#length.set(taken, this.#lengthCount);
    this.#lengthCount += taken.length;
    if (this.#lengthCount < frameLengthBytes) return bytes.subarray(taken.length);
    const length = readU32be(this.#length, 0);
    if (length > this.#frameBytesMax) throw new Error('a frame is too long');
    this.#lengthCount = 0;
    return this.#begin(length, bytes.subarray(taken.length));
  }

  #begin(length: number, rest: Uint8Array): Uint8Array {
    const isAlone = rest.length === length && fillsMemory(rest);
    // In Node they come as Buffers, whose slices are no copies.
    const { buffer, byteOffset } = rest;
    this.#frame = isAlone ? new Uint8Array(buffer, byteOffset, length) : new Uint8Array(length);
    this.#frameCount = isAlone ? length : 0;
    return isAlone ? rest.subarray(length) : rest;
  }

  #take(frame: Uint8Array, bytes: Uint8Array): Uint8Array {
    const taken = bytes.subarray(0, frame.length - this.#frameCount);
    frame.set(taken, this.#frameCount);
    this.#frameCount += taken.length;
    return bytes.subarray(taken.length);
  }
}
