/** Time and chance as arguments: the core reads neither from anywhere else. */

/** Stops what was scheduled; harmless when it has run. */
export type Cancel = () => void;

export interface Clock {
  /** Wall clock, milliseconds since 1970. May jump; used for what people read, never to decide. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /** Runs the task once, no earlier than after `delayMs`. */
  schedule(delayMs: number, task: () => void): Cancel;
}

export interface Random {
  /** Cryptographic randomness; seeded in the simulation. */
  bytes(length: number): Uint8Array;
}

export interface ClockDep {
  readonly clock: Clock;
}
export interface RandomDep {
  readonly random: Random;
}

/**
 * Keeps one secret where this platform keeps secrets best: under a non-extractable key in browsers,
 * as plain bytes elsewhere. The handle is what storage holds (storage/port.ts `KeyHandle`).
 */
export interface KeySlot {
  /** A new slot; 32 random bytes seed it. */
  create(seed: Uint8Array): Promise<{ readonly keyHandle: unknown }>;
  /** The 32-byte key that this slot wraps with; the same for the same handle, for ever. */
  key(handle: { readonly keyHandle: unknown }): Promise<Uint8Array>;
}

export interface KeySlotDep {
  readonly keySlot: KeySlot;
}
