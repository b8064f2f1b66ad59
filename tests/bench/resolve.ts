/**
 * RESOLVE: who belongs to a conversation, from 250, 500 and 1 000 operations that nobody has looked at
 * before: a group of forty that adds, removes, promotes and begins epochs, one operation in ten after
 * an older one than the newest. Against: one pass over the same operations that believes each of them
 * and keeps the latest word on each member, which is what a server that is trusted would do.
 */
import {
  addOp,
  createOpSet,
  resolve,
  viewAt,
  viewDigest,
} from '../../src/protocol/membership/membership.ts';
import { keyOf, type ControlOp, type OpBody } from '../../src/protocol/membership/ops.ts';
import {
  addBody,
  createConversation,
  createPerson,
  epochBody,
  groupSpec,
  removeBody,
  roleBody,
  type TestConversation,
  type TestPerson,
} from '../support/conversation.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import type { Bench, Row } from './bench.ts';
import { spentMs } from './support/devices.ts';

const sizes = [250, 500, 1000];
const peopleCount = 40;

const writeOps = async (count: number): Promise<TestConversation> => {
  const random = createSeededRandom(17);
  const names = Array.from({ length: peopleCount }, (_, i) => `person ${String(i)}`);
  const people = await Promise.all(names.map((name) => createPerson(name)));
  const [alice, ...others] = people;
  if (alice === undefined) throw new Error('there are people');
  const graph = await createConversation(alice, groupSpec(alice));
  for (const person of others) await graph.write({ by: alice, body: addBody(person, 2) });
  const bodyOf = (target: TestPerson, head: ControlOp): OpBody => {
    const roll = random.below(10);
    if (roll === 0) return removeBody(target);
    if (roll === 1) return roleBody(target, random.pick([1, 2]));
    if (roll <= 3) return addBody(target, random.pick([1, 2]));
    const view = viewAt(graph.set, head.opId);
    return view === undefined ? { type: 'merge' } : epochBody(viewDigest(view));
  };
  while (graph.ops.length < count) {
    const back = random.below(10) === 0 ? 1 + random.below(5) : 0;
    const head = graph.ops.at(-1 - back);
    if (head === undefined) throw new Error('there are operations');
    const by = random.pick(people);
    await graph.write({ by, body: bodyOf(random.pick(others), head), after: [head] });
  }
  return graph;
};

/** The latest word on each member. */
const believe = (ops: ReadonlyArray<ControlOp>): ReadonlyMap<string, number> => {
  const levels = new Map<string, number>();
  for (const { body } of ops) {
    if (body.type === 'add' || body.type === 'role') levels.set(keyOf(body.identityId), body.level);
    if (body.type === 'remove') levels.delete(keyOf(body.identityId));
  }
  return levels;
};

export const resolveBench: Bench = {
  id: 'RESOLVE',
  title: 'who belongs, from up to 1 000 operations',
  isSmoke: false,
  run: async ({ isSmoke }) => {
    const graph = await writeOps(Math.max(...sizes));
    const rows: Row[] = [];
    for (const size of sizes) {
      const ops = graph.ops.slice(0, size);
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let i = 0; i < (isSmoke ? 3 : 7); i++) {
        const set = createOpSet(graph.set.convId);
        for (const op of ops) addOp(set, op);
        if (set.nodes.length !== size) throw new Error(`${String(set.nodes.length)} were taken`);
        ours.push(await spentMs(() => resolve(set)));
        theirs.push(await spentMs(() => believe(ops)));
      }
      rows.push({
        id: `RESOLVE${String(size)}`,
        measures: `resolve ${String(size)} operations, CPU`,
        unit: 'ms',
        rounds: ours,
        against: { name: 'one pass that believes them', rounds: theirs },
        ...(size === 1000 ? { aim: '≤ 100 ms' } : {}),
      });
    }
    return rows;
  },
};
