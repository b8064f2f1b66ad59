import { describe, expect, test } from 'vitest';
import {
  decodeBody,
  encodeBody,
  isLamportValid,
  lamportCeiling,
  nextBase,
  nextLamport,
  type Body,
} from '../../../src/protocol/body.ts';
import { encodeCanonical, type CborValue } from '../../../src/protocol/cbor.ts';
import { limits } from '../../../src/protocol/limits.ts';
import {
  encodeControl,
  encodeName,
  encodeOps,
  encodeReceipt,
  packOps,
  readControl,
  readName,
  readOps,
  readReceipt,
} from '../../../src/protocol/payload.ts';
import { encodeText, readText } from '../../../src/protocol/content-payloads.ts';
import { fixedBytes, valueOf } from './fixtures.ts';

const dep = (i: number) => ({
  writerPub: fixedBytes(`writer ${String(i)}`),
  seq: i,
  hash8: fixedBytes(`hash ${String(i)}`, 8),
});

const body: Body = {
  type: 'text',
  mid: fixedBytes('mid', 16),
  lamport: 7,
  sentAt: 1_700_000_000_000,
  deps: { entries: [dep(0), dep(1)], vectorHash: fixedBytes('vector') },
  payload: { text: 'hello' },
};

describe('body', () => {
  test('[BO1] a body comes back as it was', () => {
    expect(decodeBody(encodeBody(body))).toEqual({ ok: true, value: body });
  });

  test('[BO2] an unknown type is kept, whatever its payload', () => {
    const payloads: ReadonlyArray<CborValue> = [null, 1, 'x', [1, [2]], { a: { b: true } }];
    for (const payload of payloads) {
      const later = { ...body, type: 'hologram', payload };
      expect(decodeBody(encodeBody(later))).toEqual({ ok: true, value: later });
    }
  });

  test('[BO2] a clock may say anything: sentAt decides nothing', () => {
    for (const sentAt of [-5, 0, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      expect(valueOf(decodeBody(encodeBody({ ...body, sentAt }))).sentAt).toBe(sentAt);
    }
  });

  test('[BO2] what a field may be has limits', () => {
    const wire = { ...body, deps: [[], body.deps.vectorHash] };
    const isDecoded = (change: Record<string, CborValue>) =>
      decodeBody(encodeCanonical({ ...wire, ...change })).ok;
    const row = (seq: number): CborValue => [fixedBytes('w'), seq, fixedBytes('h', 8)];
    const deps = (...rows: ReadonlyArray<CborValue>): { deps: CborValue } => ({
      deps: [rows, body.deps.vectorHash],
    });
    expect(isDecoded({})).toBe(true);
    expect(isDecoded({ type: 'x'.repeat(limits.entryTypeBytesMax) })).toBe(true);
    expect(isDecoded({ type: 'x'.repeat(limits.entryTypeBytesMax + 1) })).toBe(false);
    expect(isDecoded({ type: 1 })).toBe(false);
    expect(isDecoded({ mid: fixedBytes('mid', 15) })).toBe(false);
    expect(isDecoded({ lamport: -1 })).toBe(false);
    expect(isDecoded(deps(...Array.from({ length: limits.depsMax }, (_, i) => row(i))))).toBe(true);
    expect(isDecoded(deps(...Array.from({ length: limits.depsMax + 1 }, (_, i) => row(i))))).toBe(
      false,
    );
    expect(isDecoded(deps(row(limits.seqMax - 1)))).toBe(true);
    expect(isDecoded(deps(row(limits.seqMax)))).toBe(false);
    expect(isDecoded({ deps: [[]] })).toBe(false);
    expect(isDecoded({ extra: 1 })).toBe(false);
  });

  test('[BO2] a body over 32 KiB is refused, and never made', () => {
    const huge = { ...body, payload: new Uint8Array(limits.bodyBytesMax) };
    expect(() => encodeBody(huge)).toThrow('a body is within its limit');
    const wire = encodeCanonical({ ...huge, deps: [[], body.deps.vectorHash] });
    expect(decodeBody(wire)).toEqual({ ok: false, error: 'malformed-body' });
  });

  test('[BO2] a body of exactly 32 KiB is one', () => {
    const empty = encodeBody({ ...body, payload: new Uint8Array(1000) }).length - 1000;
    const payload = new Uint8Array(limits.bodyBytesMax - empty);
    const largest = encodeBody({ ...body, payload });
    expect(largest.length).toBe(limits.bodyBytesMax);
    expect(decodeBody(largest).ok).toBe(true);
  });

  test('[BO1] a body with more deps than may be is the program’s mistake', () => {
    const entries = Array.from({ length: limits.depsMax + 1 }, (_, i) => dep(i));
    expect(() => encodeBody({ ...body, deps: { ...body.deps, entries } })).toThrow('deps');
  });

  test('[BO1] the longest text with all deps fits in a body', () => {
    const fullest = {
      ...body,
      deps: { ...body.deps, entries: Array.from({ length: limits.depsMax }, (_, i) => dep(i)) },
      payload: encodeText({ text: 'é'.repeat(limits.textBytesMax / 2) }),
    };
    expect(decodeBody(encodeBody(fullest)).ok).toBe(true);
  });
});

describe('lamport', () => {
  const step = 2 ** 20;
  const span = 2 ** 32;

  test.each([
    [0, 0, step],
    [0, 1, 2 * step],
    [100, 0, 100 + step],
    [0, 4094, 4095 * step],
    [0, 4095, span], // 2^20 · 2^12: here the span is reached, and holds from there on
    [0, 4096, span],
    [0, 8191, span],
    [Number.MAX_SAFE_INTEGER, 0, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER - step, 0, Number.MAX_SAFE_INTEGER],
  ])('[LA1] above base %d the ceiling at seq %d is %d', (base, seq, ceiling) => {
    expect(lamportCeiling(base, seq)).toBe(ceiling);
  });

  test('[LA2] the first entry lies above the base and not above the ceiling', () => {
    const place = { base: 50, seq: 1, previous: undefined };
    const isValid = (lamport: number) => isLamportValid({ ...place, lamport });
    const edges = [50, 51, 50 + 2 * step, 51 + 2 * step];
    expect(edges.map(isValid)).toEqual([false, true, true, false]);
  });

  test('[LA2] every other lies above the writer’s previous', () => {
    const place = { base: 50, seq: 9, previous: 70 };
    const isValid = (lamport: number) => isLamportValid({ ...place, lamport });
    const edges = [51, 70, 71, 50 + 10 * step, 51 + 10 * step];
    expect(edges.map(isValid)).toEqual([false, false, true, true, false]);
  });

  test('[LA3] a sender goes past what it saw, and no further than the ceiling', () => {
    const place = { base: 50, seq: 1, previous: undefined, nowMs: 0 };
    const ceiling = lamportCeiling(50, 1);
    expect(nextLamport({ ...place, greatestSeen: 0 })).toBe(51);
    expect(nextLamport({ ...place, greatestSeen: 80 })).toBe(81);
    expect(nextLamport({ ...place, greatestSeen: ceiling - 1 })).toBe(ceiling);
    expect(nextLamport({ ...place, greatestSeen: Number.MAX_SAFE_INTEGER })).toBe(ceiling);
    expect(nextLamport({ ...place, previous: 90, greatestSeen: 80 })).toBe(91);
  });

  test('[LA3] who has seen less than their clock says goes by the clock, as far as any log may', () => {
    const place = { base: 50, seq: 1, previous: undefined, greatestSeen: 60 };
    const at = (seconds: number) => nextLamport({ ...place, nowMs: seconds * 1000 + 999 });
    expect([-5, 61, 62, 50 + step].map(at)).toEqual([61, 61, 62, 50 + step]);
    expect(at(51 + step)).toBe(61); // a first entry could not say so
    expect(nextLamport({ ...place, previous: 90, nowMs: 70_000 })).toBe(91);
  });

  test('[LA3] a log pushed to its ceiling has room again at each of its next entries', () => {
    let previous: number | undefined;
    for (let seq = 1; seq < 4095; seq += 1) {
      const lamport = nextLamport({
        base: 0,
        seq,
        previous,
        greatestSeen: Number.MAX_SAFE_INTEGER,
        nowMs: 0,
      });
      expect(lamport).toBe(lamportCeiling(0, seq));
      expect(isLamportValid({ base: 0, seq, previous, lamport: lamport ?? 0 })).toBe(true);
      previous = lamport;
    }
  });

  test('[LA3] at the ceiling of the epoch nothing more can be written', () => {
    const place = { base: 0, seq: 4096, previous: span, nowMs: 0 };
    expect(nextLamport({ ...place, greatestSeen: 0 })).toBeUndefined();
    expect(nextLamport({ ...place, previous: span - 1, greatestSeen: 0 })).toBe(span);
  });

  test('[LA4] a new base follows what was seen and what time it is, but no liar', () => {
    const long = { nowMs: 0 };
    expect(nextBase({ ...long, greatestSeen: 10, greatestPastBase: 0 })).toBe(10);
    expect(nextBase({ ...long, greatestSeen: 10, greatestPastBase: 30 })).toBe(30);
    expect(nextBase({ ...long, greatestSeen: 2 ** 50, greatestPastBase: 7 })).toBe(7 + span);
    expect(nextBase({ greatestSeen: 10, greatestPastBase: 30, nowMs: 70_999 })).toBe(70);
    expect(nextBase({ greatestSeen: 10, greatestPastBase: 7, nowMs: 2 ** 50 })).toBe(7 + span);
    expect(
      nextBase({
        ...long,
        greatestSeen: Number.MAX_SAFE_INTEGER,
        greatestPastBase: Number.MAX_SAFE_INTEGER,
      }),
    ).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('payloads', () => {
  test('[PL1] each comes back as it was', () => {
    expect(readText(encodeText({ text: 'hi 👋' }))).toEqual({ text: 'hi 👋' });
    expect(readName(encodeName({ name: 'Ana' }))).toEqual({ name: 'Ana' });
    const receipt = { read: [{ identityId: fixedBytes('ana'), mid: fixedBytes('mid', 16) }] };
    expect(readReceipt(encodeReceipt(receipt))).toEqual(receipt);
    expect(readControl(encodeControl(fixedBytes('op', 300)))).toEqual(fixedBytes('op', 300));
    const ops = { ops: [fixedBytes('op', 300)], identityLogs: [fixedBytes('log', 90)] };
    expect(readOps(encodeOps(ops))).toEqual(ops);
  });

  test('[PL1] each has limits', () => {
    expect(readText({ text: 'x'.repeat(limits.textBytesMax) })).toBeDefined();
    expect(readText({ text: 'x'.repeat(limits.textBytesMax + 1) })).toBeUndefined();
    expect(readText({ text: 1 })).toBeUndefined();
    expect(readText('text')).toBeUndefined();
    expect(readName({ name: 'x'.repeat(limits.nameBytesMax + 1) })).toBeUndefined();
    expect(readReceipt({ read: [[fixedBytes('ana')]] })).toBeUndefined();
    expect(readReceipt(null)).toBeUndefined();
    expect(readControl(new Uint8Array(limits.opBytesMax + 1))).toBeUndefined();
  });

  test('[PL2] the limit of an ops payload is on the whole', () => {
    const half = new Uint8Array(limits.opsPayloadBytesMax / 2);
    expect(readOps({ ops: [half], identityLogs: [half] })).toBeDefined();
    expect(readOps({ ops: [half, new Uint8Array(1)], identityLogs: [half] })).toBeUndefined();
    const many = Array.from({ length: limits.opsPerPayloadMax }, () => new Uint8Array(1));
    expect(readOps({ ops: many, identityLogs: [] })).toBeDefined();
    expect(readOps({ ops: many, identityLogs: [new Uint8Array(1)] })).toBeUndefined();
    expect(() => encodeOps({ ops: [half, half], identityLogs: [half] })).toThrow('limits');
  });

  test('[PL3] ops are packed in order, completely, into few payloads', () => {
    const ops = Array.from({ length: 400 }, (_, i) => fixedBytes(`op ${String(i)}`, 100 + i));
    const identityLogs = [new Uint8Array(limits.opsPayloadBytesMax), fixedBytes('log', 10)];
    const packed = packOps({ ops, identityLogs });
    expect(packed.flatMap((payload) => payload.ops)).toEqual(ops);
    expect(packed.flatMap((payload) => payload.identityLogs)).toEqual(identityLogs);
    for (const payload of packed) {
      expect(readOps(encodeOps(payload))).toEqual(payload);
      expect(encodeBody({ ...body, type: 'ops', payload: encodeOps(payload) })).toBeDefined();
    }
    const bytes = ops.reduce((sum, op) => sum + op.length, 0);
    expect(packed.length).toBeLessThanOrEqual(Math.ceil(bytes / limits.opsPayloadBytesMax) + 3);
    expect(packOps({ ops: [], identityLogs: [] })).toEqual([]);
  });

  test('[PL3] many small ops meet the limit on items', () => {
    const ops = Array.from({ length: limits.opsPerPayloadMax + 1 }, () => Uint8Array.of(1));
    const both = packOps({ ops, identityLogs: [Uint8Array.of(2), ...ops.slice(2)] });
    for (const payload of both) expect(readOps(encodeOps(payload))).toEqual(payload);
    expect(both.length).toBe(3);
    expect(packOps({ ops, identityLogs: [] }).map((payload) => payload.ops.length)).toEqual([
      limits.opsPerPayloadMax,
      1,
    ]);
  });
});
