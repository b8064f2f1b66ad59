import { describe, expect, test } from 'vitest';
import { outcome, setupScene } from './hostile.ts';

const dayMs = 86_400_000;

/** A week and more: what is renewed by age is renewed on the way, and then is from the future. */
const jumps = [
  { name: 'an hour back', skewsMs: [-3_600_000] },
  { name: 'a day back', skewsMs: [-dayMs] },
  { name: 'ten days on, then back', skewsMs: [10 * dayMs, 0] },
  { name: 'to 1970', skewsMs: [-Date.UTC(2026, 10, 24)] },
  { name: 'to 2099, then back', skewsMs: [73 * 365 * dayMs, 0] },
] as const;

describe('a clock that jumps in the middle of a session', () => {
  test.each(jumps)(
    '[SM9] [row 32] $name: order, ids and nonces hold, nothing waits for the clock to catch up',
    async ({ skewsMs }) => {
      const scene = await setupScene(32);
      const { history, alice, bob, carol } = scene;
      const { world, net } = history;
      const said: string[] = [];
      const sayInTurn = async (round: number): Promise<void> => {
        for (const peer of [alice, bob, carol]) {
          const text = `${peer.name} ${String(round)}`;
          said.push(`${peer.name}: ${text}`);
          history.say(peer, text);
          const isEverywhere = (): boolean =>
            history.peers.every(({ texts }) => texts.at(-1) === said.at(-1));
          // By the world's time, which does not jump: timers are monotonic.
          expect(await world.run(5000, isEverywhere), text).toBe(true);
        }
      };
      await sayInTurn(0);
      for (const [i, skewMs] of skewsMs.entries()) {
        alice.skewMs = skewMs;
        await sayInTurn(i + 1);
        await alice.crash();
        alice.start();
        await history.reopen(alice);
        await world.run(5000);
        await sayInTurn(i + 10);
      }
      expect(net.witness.entryCount).toBeGreaterThan(said.length);
      expect(await outcome(scene)).toEqual([]); // nonces and places in logs too
      for (const { texts, messages } of history.peers) {
        expect(texts).toEqual(said);
        expect(new Set(messages.map(({ key }) => key)).size).toBe(said.length);
      }
    },
    60_000,
  );
});
