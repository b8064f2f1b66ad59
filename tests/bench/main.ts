/**
 * `npm run bench`: how fast Sotto is, against the bare platform in the same run.
 *
 *   npm run bench                      everything, about ten minutes on two quiet cores
 *   npm run bench -- --smoke           the quick subset, about three
 *   npm run bench -- P4 P16            these rows; --only P4,P16 is the same
 *   npm run bench -- --json out.json   the rounds as data as well
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../../relay/build.ts';
import type { Bench, Row } from './bench.ts';
import { bigBench } from './big.ts';
import { dialBench } from './dials.ts';
import { floodBench } from './flood.ts';
import { galleryBench } from './gallery.ts';
import { holdersBench } from './holders.ts';
import { inputBench } from './input.ts';
import { joinBench } from './join.ts';
import { manyBench } from './many.ts';
import { directBench } from './p01-direct.ts';
import { relayedBench } from './p02-relayed.ts';
import { nodePeersBench } from './p03-node-peers.ts';
import { crowdBench } from './p04-crowd.ts';
import { catchUpBench } from './p05-catch-up.ts';
import { mergeBench } from './p06-merge.ts';
import { coldStartBench } from './p07-cold-start.ts';
import { bytesBench } from './p08-bytes.ts';
import { durableBench } from './p10-durable.ts';
import { cryptoBench } from './p15-crypto.ts';
import { groupBench, sealBench } from './p16-group.ts';
import { inviteBench } from './p17-invite.ts';
import { filesBench } from './p18-files.ts';
import { relayBench } from './p19-relay.ts';
import { quietBench } from './p20-quiet.ts';
import { lossBench } from './p23-loss.ts';
import { simulationBench } from './p24-simulation.ts';
import { pictureBench } from './picture.ts';
import { resolveBench } from './resolve.ts';
import { sealFileBench } from './seal-file.ts';
import { machineLine, untilQuiet } from './support/machine.ts';
import { resultOf, tableOf, type Result } from './support/report.ts';

const benches: ReadonlyArray<Bench> = [
  directBench,
  bytesBench,
  dialBench,
  relayedBench,
  lossBench,
  coldStartBench,
  catchUpBench,
  nodePeersBench,
  durableBench,
  cryptoBench,
  sealFileBench,
  simulationBench,
  floodBench,
  groupBench,
  sealBench,
  resolveBench,
  joinBench,
  mergeBench,
  inviteBench,
  filesBench,
  holdersBench,
  pictureBench,
  galleryBench,
  relayBench,
  quietBench,
  crowdBench,
  manyBench,
  inputBench,
  bigBench,
];

const quietMs = 30_000;
const smokeQuietMs = 5000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    smoke: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'string' },
  },
});

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const chosen = (): ReadonlyArray<Bench> => {
  const named = [...positionals, ...(values.only?.split(',') ?? [])];
  const wanted = named.map((id) => id.trim().toUpperCase());
  if (wanted.length === 0) return benches.filter(({ isSmoke }) => isSmoke || !values.smoke);
  const unknown = wanted.filter((id) => !benches.some((bench) => bench.id === id));
  if (unknown.length > 0) {
    const known = benches.map(({ id }) => id).join(', ');
    throw new Error(`There is no row ${unknown.join(', ')}; there are ${known}.`);
  }
  return benches.filter(({ id }) => wanted.includes(id));
};

interface Failure {
  readonly id: string;
  readonly reason: string;
}

const main = async (): Promise<void> => {
  const results: Result[] = [];
  const failures: Failure[] = [];
  const idleById: Record<string, number> = {};
  say(machineLine());
  if (!(await ensureBuilt())) throw new Error('the app could not be built');
  for (const bench of chosen()) {
    const idle = await untilQuiet(values.smoke ? smokeQuietMs : quietMs);
    idleById[bench.id] = Math.round(idle);
    say(`\n${bench.id}: ${bench.title} (${idle.toFixed(0)} % idle)`);
    const startedMs = performance.now();
    try {
      const rows: ReadonlyArray<Row> = await bench.run({
        isSmoke: values.smoke,
        say,
      });
      const measured = rows.map(resultOf);
      results.push(...measured);
      say(tableOf(measured)); // a run that is broken off has told what it knows
    } catch (error) {
      // One row that cannot be measured here must not hide the others; the exit code tells.
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      failures.push({ id: bench.id, reason });
      say(`  could not be measured: ${reason}`);
    }
    say(`  ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  }
  process.stdout.write(`\n${machineLine()}\n\n${tableOf(results)}\n`);
  for (const { id, reason } of failures) {
    process.stdout.write(`\n${id} could not be measured: ${reason.split('\n')[0] ?? ''}\n`);
  }
  if (values.json !== undefined) {
    const report = { date: new Date().toISOString(), machine: machineLine(), idleById };
    await writeFile(values.json, `${JSON.stringify({ ...report, results, failures }, null, 2)}\n`);
  }
  process.exitCode = failures.length > 0 ? 1 : 0;
};

await main();
process.exit(); // a row that failed may have left something that would keep the process
