/**
 * `npm run sim -- --seed N --worlds M [--peers P] [--messages K] [--calm] [--mailbox] [--departures]
 * [--mallory] [--files] [--lies A,B] [--bug NAME]`
 */
import { parseArgs } from 'node:util';
import type { KnownBug } from './known-bugs.ts';
import type { Lie } from './mallory/mallory.ts';
import { runHistory } from './run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    worlds: { type: 'string', default: '1' },
    peers: { type: 'string', default: '3' },
    messages: { type: 'string', default: '20' },
    calm: { type: 'boolean', default: false },
    mailbox: { type: 'boolean', default: false },
    departures: { type: 'boolean', default: false },
    mallory: { type: 'boolean', default: false },
    files: { type: 'boolean', default: false },
    lies: { type: 'string' },
    bug: { type: 'string' },
  },
});

const first = Number(values.seed);
const startedMs = performance.now();
let failures = 0;
let acked = 0;
for (let seed = first; seed < first + Number(values.worlds); seed++) {
  const report = await runHistory(seed, {
    peers: Number(values.peers),
    messages: Number(values.messages),
    isHarsh: !values.calm,
    hasMailbox: values.mailbox,
    hasDepartures: values.departures,
    hasMallory: values.mallory,
    hasFiles: values.files,
    ...(values.lies === undefined ? {} : { lies: values.lies.split(',') as Lie[] }),
    ...(values.bug === undefined ? {} : { bug: values.bug as KnownBug }),
  });
  acked += report.ackedCount;
  if (report.broken.length === 0 && Number(values.worlds) > 1) continue;
  const { broken } = report;
  const shown = { ...report, broken: broken.slice(0, 8), brokenCount: broken.length };
  process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  if (report.broken.length > 0) failures += 1;
}
const seconds = (performance.now() - startedMs) / 1000;
process.stdout.write(
  `${values.worlds} worlds, ${String(acked)} messages kept, ${String(failures)} worlds with broken promises, ${seconds.toFixed(1)} s\n`,
);
process.exitCode = failures > 0 ? 1 : 0;
