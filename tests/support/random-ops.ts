/**
 * Random control ops for one conversation: every kind, every level, members and strangers, several
 * devices with revoked, forked and excused ones, one op in five back-dated, merges of up to 16
 * parents. A seed names a graph.
 */
import { compareBytes } from '../../src/base/bytes.ts';
import { encodeBind } from '../../src/protocol/epochs/bind.ts';
import { readForkProof } from '../../src/protocol/membership/fork.ts';
import type { IdentityLog } from '../../src/protocol/membership/identity.ts';
import { isInPast, viewAt, viewDigest } from '../../src/protocol/membership/membership.ts';
import type {
  ControlOp,
  ConversationSpec,
  ForkBody,
  InviteBody,
  Level,
  OpBody,
  OpType,
} from '../../src/protocol/membership/ops.ts';
import {
  addBody,
  bytesNamed,
  createConversation,
  createPerson,
  deviceOf,
  directSpec,
  epochBody,
  extendLog,
  groupSpec,
  identityBody,
  inviteBody,
  joinBody,
  logOf,
  removeBody,
  revokeOf,
  roleBody,
  type TestConversation,
  type TestPerson,
} from './conversation.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

/** A person with every state a log can be in, among them a fork of it. */
export interface RandomPerson extends TestPerson {
  readonly states: ReadonlyArray<IdentityLog>;
  readonly forkBody: ForkBody;
}

const twoBinds = async (person: TestPerson): Promise<ForkBody> => {
  const { signer } = deviceOf(person);
  const bindAs = async (writer: string): Promise<Uint8Array> =>
    encodeBind(
      {
        epochId: bytesNamed('epoch'),
        devSignPub: signer.publicKey,
        incarnation: 0,
        writerPub: bytesNamed(`${person.name} ${writer}`),
        closes: [],
        prekeyBundle: new Uint8Array(0),
      },
      signer,
    );
  const [bind, otherBind] = [await bindAs('a'), await bindAs('b')];
  return { type: 'fork', bind, otherBind, runA: [], runB: [] };
};

const createRandomPerson = async (name: string): Promise<RandomPerson> => {
  const person = await createPerson(name, 3);
  const { root } = person;
  const all = logOf(person);
  const forkBody = await twoBinds(person);
  const forkId = readForkProof(forkBody)?.forkId ?? new Uint8Array(32);
  const withoutFirst = await extendLog(root, all, revokeOf(deviceOf(person)));
  const withoutTwo = await extendLog(root, withoutFirst, revokeOf(deviceOf(person, 1)));
  const excused = await extendLog(root, all, { type: 'excuse', forkId });
  const forked = await extendLog(root, person.logs[0], revokeOf(deviceOf(person)));
  // Common states are listed more often.
  const common = [all, all, all, all, all, withoutFirst, withoutFirst, withoutTwo, withoutTwo];
  const states = [...common, logOf(person, 0), excused, forked];
  return { ...person, states, forkBody };
};

export const createRandomPeople = (): Promise<ReadonlyArray<RandomPerson>> =>
  Promise.all(['alice', 'bob', 'carol', 'dave', 'erin', 'mallory'].map(createRandomPerson));

export const shuffled = <T>(random: SeededRandom, items: ReadonlyArray<T>): T[] => {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const at = random.below(last + 1);
    const [a, b] = [mixed[last], mixed[at]];
    if (a !== undefined && b !== undefined) [mixed[last], mixed[at]] = [b, a];
  }
  return mixed;
};

const oneIn = (random: SeededRandom, count: number): boolean => random.below(count) === 0;

export interface RandomGraph extends TestConversation {
  /** How many ops were written with less than their author could have seen. */
  readonly backDatedCount: number;
}

const frequentTypes: ReadonlyArray<OpType> = [
  'add',
  'add',
  'add',
  'add',
  'remove',
  'remove',
  'remove',
  'role',
  'role',
  'join',
  'join',
  'join',
  'invite',
  'invite',
  'invite-revoke',
  'epoch',
  'epoch',
  'epoch',
  'identity',
  'identity',
  'leave',
  'policy',
  'merge',
  'fork',
  'complaint',
  'create',
];

/** Those that random `invite`, `join` and `invite-revoke` ops name. */
export const invites: ReadonlyArray<InviteBody> = [
  inviteBody('a', { maxUses: 1 }),
  inviteBody('b', { maxUses: 2, history: 'all' }),
  inviteBody('c', { maxUses: 2, role: 2 }),
  inviteBody('d', { maxUses: 9, role: 0 }),
  inviteBody('e', { maxUses: 1, isOpen: false }),
];

interface Draft {
  readonly random: SeededRandom;
  readonly people: ReadonlyArray<RandomPerson>;
  readonly conversation: ConversationSpec;
  readonly author: RandomPerson;
  readonly digest: Uint8Array;
}

const levels: ReadonlyArray<Level> = [0, 1, 1, 1, 2, 2, 3];

const randomBody = ({ random, people, conversation, author, digest }: Draft): OpBody => {
  const target = random.pick(people);
  const log = random.pick(target.states);
  switch (random.pick(frequentTypes)) {
    case 'add': {
      const history = target.name < 'd' ? 'all' : 'none';
      const body = addBody({ ...target, logs: [log] }, random.pick(levels), history);
      return oneIn(random, 4) && body.type === 'add'
        ? { ...body, inviteId: random.pick(invites).inviteId }
        : body;
    }
    case 'remove':
      return removeBody(target);
    case 'role':
      return roleBody(target, random.pick(levels));
    case 'join':
      return joinBody(author, random.pick(invites));
    case 'invite':
      return random.pick(invites);
    case 'invite-revoke':
      return { type: 'invite-revoke', inviteId: random.pick(invites).inviteId };
    case 'epoch':
      return epochBody(oneIn(random, 4) ? bytesNamed('elsewhere') : digest, random.below(1000));
    case 'identity': {
      const own = oneIn(random, 2) ? author : target;
      return identityBody(own, random.pick(own.states));
    }
    case 'leave':
      return { type: 'leave' };
    case 'policy': {
      const keepMs = oneIn(random, 2) ? null : random.below(1000);
      return { type: 'policy', policy: { addLevel: oneIn(random, 3) ? 2 : 1, keepMs } };
    }
    case 'fork':
      return target.forkBody;
    case 'complaint':
      return { type: 'complaint', epochId: bytesNamed('epoch'), reason: 'bad' };
    case 'create':
      return { type: 'create', conversation };
    default:
      return { type: 'merge' };
  }
};

const headsAmong = (graph: TestConversation, ops: ReadonlyArray<ControlOp>): ControlOp[] =>
  ops.filter(({ opId }) => !ops.some((other) => isInPast(graph.set, opId, other.opId)));

/** What the author has seen: all of it, one place long ago, or up to 16 places at once. */
const randomParents = (
  random: SeededRandom,
  graph: TestConversation,
  seen: ReadonlyArray<ControlOp>,
): { readonly parents: ReadonlyArray<ControlOp>; readonly isBackDated: boolean } => {
  if (oneIn(random, 5)) return { parents: [random.pick(seen)], isBackDated: true };
  if (oneIn(random, 12)) {
    return { parents: shuffled(random, seen).slice(0, 16), isBackDated: false };
  }
  return { parents: headsAmong(graph, seen).slice(0, 16), isBackDated: false };
};

const specFor = (random: SeededRandom, people: ReadonlyArray<RandomPerson>): ConversationSpec => {
  const [alice, bob] = people;
  if (alice === undefined || bob === undefined) throw new Error('there are people');
  if (oneIn(random, 12)) return directSpec(alice, bob);
  if (oneIn(random, 24)) return { kind: 'self', identityId: alice.identityId };
  return groupSpec(alice);
};

/** Three replicas that see each other's ops now and then make most of the concurrency. */
const replicasCount = 3;

export const createRandomGraph = async (
  seed: number,
  people: ReadonlyArray<RandomPerson>,
): Promise<RandomGraph> => {
  const random = createSeededRandom(seed);
  const [alice, ...others] = people;
  if (alice === undefined) throw new Error('there are people');
  const conversation = specFor(random, people);
  const graph = await createConversation(alice, conversation);
  for (const person of others.slice(0, 1 + random.below(4))) {
    await graph.write({ by: alice, body: addBody(person, random.pick(levels)) });
  }
  const replicas = Array.from({ length: replicasCount }, () => [...graph.ops]);
  let backDatedCount = 0;
  const count = 20 + random.below(40);
  for (let step = 0; step < count; step++) {
    const seen = random.pick(replicas);
    if (oneIn(random, 4)) {
      const missing = random.pick(replicas).filter((op) => !seen.includes(op));
      seen.push(...missing);
    }
    const { parents, isBackDated } = randomParents(random, graph, seen);
    if (isBackDated) backDatedCount += 1;
    const author = oneIn(random, 4) ? alice : random.pick(people);
    const [parent] = parents;
    const view = parent && viewAt(graph.set, parent.opId);
    const digest = view === undefined ? bytesNamed('nowhere') : viewDigest(view);
    const body = randomBody({ random, people, conversation, author, digest });
    // A join is signed by a device that its log still has.
    const device = deviceOf(author, body.type === 'join' ? 0 : random.pick([0, 0, 0, 1, 2]));
    const op = await graph.write({ by: author, body, after: parents, device });
    if (!seen.includes(op)) seen.push(op);
  }
  const ops = [...graph.ops].sort((a, b) => compareBytes(a.opId, b.opId));
  return { ...graph, ops, backDatedCount };
};
