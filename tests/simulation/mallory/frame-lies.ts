/** Lies in frames: damaged ones, ones that were said to somebody else, and junk without end. */
import { limits } from '../../../src/protocol/limits.ts';
import { mutate } from '../../support/mutate.ts';
import type { Stage } from './stage.ts';

/** Enough that whoever counts what is no entry hangs up. */
const junkCount = limits.rejectsPerSecondMax + 100;

/** What the liar's program said or heard, with a part of it changed. */
export const malformedFrames = (stage: Stage): void => {
  const peer = stage.one();
  if (peer === undefined || stage.heard.length === 0) return;
  for (let i = 0; i < 5; i++) {
    const { frame, by } = stage.random.pick(stage.heard);
    const damaged = mutate(frame, stage.random);
    if (by === 'link') stage.raw(peer, damaged);
    else stage.gossip(peer, stage.newest.keys.topic, damaged);
  }
};

/** As it was, to whoever it was not meant for, and under epochs that it is not of. */
export const replay = (stage: Stage): void => {
  for (let i = 0; i < 20; i++) {
    const peer = stage.one();
    if (peer === undefined || stage.heard.length === 0) return;
    const { frame, by } = stage.random.pick(stage.heard);
    if (by === 'link') stage.raw(peer, frame);
    else stage.gossip(peer, stage.random.pick(stage.epochs).keys.topic, frame);
  }
};

export const flood = (stage: Stage): void => {
  const peer = stage.one();
  if (peer === undefined) return;
  const { topic } = stage.newest.keys;
  const entry = stage.heard.find(({ by }) => by === 'gossip')?.frame ?? stage.bytes(500);
  for (let i = 0; i < junkCount; i++) {
    const junk = entry.slice();
    junk.set(
      stage.bytes(Math.min(8, junk.length)),
      stage.random.below(Math.max(1, junk.length - 8)),
    );
    stage.gossip(peer, topic, junk);
  }
};
