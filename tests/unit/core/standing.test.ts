import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import { standingRules } from '../../../src/core/conversation/reading/standing.ts';

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const [epochId, writerPub, devSignPub] = [bytes(1), bytes(2), bytes(3)];
const [epochHex, writerHex] = [toHex(epochId), toHex(writerPub)];

const ofDevice = (): string => toHex(devSignPub);

describe('what is shown of a log', () => {
  test('[FK4] ends where its device parted from itself, in that epoch alone', () => {
    const rules = standingRules({ forks: [{ epochId, devSignPub, writerPub, seq: 5 }] }, ofDevice);
    const at = (seq: number) => rules.standingOf({ epochHex, writerHex, seq });
    expect([at(4), at(5), at(9)]).toEqual(['shown', 'forked', 'forked']);
    expect(rules.standingOf({ epochHex: toHex(bytes(9)), writerHex, seq: 9 })).toBe('shown');
    expect(rules.standingOf({ epochHex, writerHex: toHex(bytes(9)), seq: 9 })).toBe('shown');
    expect(rules.forkSeqOf(epochHex, writerHex)).toBe(5);
  });

  test('[FK4] [row 33] does not end by what another device says of it', () => {
    const forks = [{ epochId, devSignPub: bytes(4), writerPub, seq: 0 }];
    expect(standingRules({ forks }, ofDevice).forkSeqOf(epochHex, writerHex)).toBeUndefined();
    const ofNobody = standingRules({ forks }, () => undefined); // it is not held
    expect(ofNobody.forkSeqOf(epochHex, writerHex)).toBe(0);
  });

  test('[FK4] is another rule when the fork lies elsewhere', () => {
    const keyOf = (seq: number) =>
      standingRules({ forks: [{ epochId, devSignPub, writerPub, seq }] }, ofDevice).key;
    expect(keyOf(5)).toBe(keyOf(5));
    expect(keyOf(5)).not.toBe(keyOf(4));
    expect(keyOf(5)).not.toBe(standingRules({ forks: [] }, ofDevice).key);
  });
});
