/** Loaded before a program that is measured: on request it collects its garbage and tells its cost. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { cpuMs } from '../../support/cost.ts';

setFlagsFromString('--expose-gc');
/** As much as there is, and gives the pages back. */
const collect = runInNewContext(
  '() => gc({ type: "major", execution: "sync", flavor: "last-resort" })',
) as () => void;

export interface Reading {
  readonly rssBytes: number;
  /** Without the collections that were asked for here, which are nobody's work. */
  readonly cpuMs: number;
}

let collectingMs = 0;

process.on('message', () => {
  const spentMs = cpuMs();
  collect();
  const rssBytes = process.memoryUsage.rss();
  const reading: Reading = { rssBytes, cpuMs: spentMs - collectingMs };
  process.send?.(reading);
  collectingMs += cpuMs() - spentMs;
});
process.channel?.unref(); // being measured keeps nobody alive
