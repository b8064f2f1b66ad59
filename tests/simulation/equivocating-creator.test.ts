/**
 * Attack 19 with whole devices: carol makes an epoch and seals to some of the others something else
 * than its secret. Links hand over no secrets here, so that complaints have to do it alone.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import type * as Ops from '../../src/protocol/membership/ops.ts';
import type * as Seals from '../../src/protocol/epochs/seal.ts';
import { decodeSyncFrame, encodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import { outcome, setupScene, talk, type Scene } from './hostile.ts';
import { remove, setLevel } from './members.ts';

type Harm = 'junk' | 'another-secret';

const attack = vi.hoisted(() => ({
  /** What carol does to whose boxes; undefined: she is honest. */
  harm: undefined as
    { readonly kind: Harm; readonly isVictim: (deviceHex: string) => boolean } | undefined,
  complaints: [] as string[],
  wrongSecrets: 0,
  /** Devices that something was sealed to alone. */
  sealedTo: [] as string[],
}));

vi.mock('../../src/protocol/membership/ops.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Ops>();
  const signOp: typeof real.signOp = (input) => {
    if (input.body.type === 'complaint') attack.complaints.push(input.body.reason);
    return real.signOp(input);
  };
  return { ...real, signOp };
});

vi.mock('../../src/protocol/epochs/seal.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Seals>();
  const sealSecret: typeof real.sealSecret = async (backend, random, input) => {
    const seals = await real.sealSecret(backend, random, input);
    const { harm } = attack;
    const [only, ...others] = input.recipients;
    if (only && others.length === 0) attack.sealedTo.push(toHex(only.devSignPub));
    if (harm === undefined || input.recipients.length === 1) return seals;
    attack.harm = undefined; // one epoch, hers
    const secret = random.bytes(32);
    const wrong = await real.sealSecret(backend, random, { ...input, secret });
    const source = harm.kind === 'junk' ? seals : wrong;
    // All of another secret's boxes open under another ephemeral key: seals of one box each.
    return source.flatMap((seal, part) =>
      seal.boxes.map((box, at) => {
        const { devSignPub } = input.recipients[at] ?? {};
        if (devSignPub === undefined || !harm.isVictim(toHex(devSignPub))) {
          const good = seals[part];
          return { ...seal, ...good, first: at, boxes: [good?.boxes[at] ?? box] };
        }
        const boxes = [harm.kind === 'junk' ? box.map((byte) => byte ^ 1) : box];
        return { ...seal, first: at, boxes };
      }),
    );
  };
  const openSealBox: typeof real.openSealBox = async (backend, input) => {
    const opened = await real.openSealBox(backend, input);
    if (!opened.ok && opened.error === 'wrong-secret') attack.wrongSecrets += 1;
    return opened;
  };
  return { ...real, sealSecret, openSealBox };
});

afterEach(() => {
  attack.harm = undefined;
  attack.complaints = [];
  attack.wrongSecrets = 0;
  attack.sealedTo = [];
});

const nothing = encodeSyncFrame({ t: 'vector', epochs: [] });

const withoutSealFrames = ({ history }: Scene): void => {
  history.net.arriving = (frame, { by }) => {
    const decoded = by === 'link' ? decodeSyncFrame(frame) : undefined;
    return decoded?.ok === true && decoded.value.t === 'seal' ? nothing : frame.slice();
  };
};

/** Carol's clock says that the epoch is old, so she makes the next one. */
const makeEpoch = async (
  { history, carol }: Scene,
  kind: Harm,
  isVictim: (deviceHex: string) => boolean,
): Promise<void> => {
  attack.harm = { kind, isVictim };
  carol.skewMs += 8 * 24 * 3600 * 1000;
  history.say(carol, 'a new epoch');
  await history.world.run(3000);
  expect(attack.harm).toBeUndefined(); // she did
};

/** As alice knows it. */
const deviceOf = async ({ history, alice }: Scene, name: string): Promise<string> => {
  const key = alice.messages.find(({ author }) => author.isMe)?.key ?? '';
  const conversationId = history.ids.get(alice) ?? '';
  const details = await alice.do({ type: 'InspectMessage', conversationId, key });
  const holders = details.ok ? details.value.holders : [];
  const [device] = holders.find(({ person }) => person.name === name)?.devices ?? [];
  if (device === undefined) throw new Error(`${name} has a device`);
  return device.deviceId;
};

describe('[attack 19] an equivocating epoch creator', () => {
  for (const kind of ['junk', 'another-secret'] as const) {
    test(`[CP1, CP2] [attack 19] ${kind} for some: they complain, and the others let them in`, async () => {
      const scene = await setupScene();
      const { history, alice, bob, carol } = scene;
      await talk(scene, 1);
      withoutSealFrames(scene);
      const bobs = await deviceOf(scene, 'bob');
      await makeEpoch(scene, kind, (deviceHex) => deviceHex === bobs);
      await history.world.run(60_000);
      history.say(alice, 'alice in the new one');
      await history.world.run(10_000);
      history.say(bob, 'bob too');
      await history.world.run(60_000);
      expect(await outcome(scene)).toEqual([]);
      for (const peer of [alice, bob, carol]) {
        expect(peer.texts).toContain('carol: a new epoch');
        expect(peer.texts).toContain('bob: bob too');
      }
      expect(attack.complaints).toEqual(['bad']);
      expect(attack.wrongSecrets > 0).toBe(kind === 'another-secret');
    });
  }

  for (const isRemoved of [false, true]) {
    test(`[CP2, RM1] who complained and was ${isRemoved ? '' : 'not '}removed since`, async () => {
      const scene = await setupScene();
      const { history, alice } = scene;
      await talk(scene, 1);
      withoutSealFrames(scene);
      const bobs = await deviceOf(scene, 'bob');
      await makeEpoch(scene, 'junk', (deviceHex) => deviceHex === bobs);
      expect(await history.world.run(10_000, () => attack.complaints.length > 0)).toBe(true);
      await history.world.run(500);
      attack.sealedTo = [];
      if (isRemoved) await remove(history, alice, 'bob');
      await history.world.run(20_000);
      expect(attack.sealedTo.includes(bobs)).toBe(!isRemoved);
    });
  }

  test('[CP2] who made the epoch and is alone with it seals it anew once, whatever it does since', async () => {
    const scene = await setupScene();
    const { history, alice, bob, carol } = scene;
    await history.world.run(5000);
    await setLevel(history, alice, { name: 'carol', level: 'owner' });
    await talk(scene, 1);
    withoutSealFrames(scene);
    const bobs = await deviceOf(scene, 'bob');
    await makeEpoch(scene, 'junk', (deviceHex) => deviceHex === bobs);
    await alice.crash();
    expect(await history.world.run(10_000, () => attack.complaints.length > 0)).toBe(true);
    await history.world.run(500);
    await bob.crash(); // he does not write there yet
    attack.sealedTo = [];
    await history.world.run(20_000);
    for (const level of ['reader', 'member', 'reader'] as const) {
      await setLevel(history, carol, { name: 'bob', level });
      await history.world.run(20_000);
    }
    expect(attack.sealedTo.filter((device) => device === bobs)).toHaveLength(1);
  });

  test('[attack 19] junk for all: nobody takes it for a secret, and the others talk on', async () => {
    const scene = await setupScene();
    const { history, alice, bob, carol } = scene;
    await talk(scene, 1);
    withoutSealFrames(scene);
    await makeEpoch(scene, 'junk', () => true);
    await carol.crash();
    await history.world.run(30_000);
    history.say(alice, 'still here');
    await history.world.run(10_000);
    history.say(bob, 'me too');
    await history.world.run(30_000);
    expect(attack.complaints).toEqual(['bad', 'bad']);
    for (const peer of [alice, bob]) {
      expect(peer.texts).not.toContain('carol: a new epoch');
      expect(peer.texts.slice(-2)).toEqual(['alice: still here', 'bob: me too']);
    }
  });
});
