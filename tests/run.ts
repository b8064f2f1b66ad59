/**
 * `npm test`: every check, each with its time, and one line at the end. Those that use the machine
 * come one after the other (of the static ones two at once); the one that mostly waits runs beside them.
 *
 *   npm test                 everything within the time boxes (about 20 minutes on two cores)
 *   npm test -- lint unit    only these steps
 *   npm run test:all         with the large counts: hours
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { missingBrowsers, provideBrowsers } from './support/provide-browsers.ts';
import { readPlaywright, readVitest, type Count } from './support/test-reports.ts';

const { values, positionals } = parseArgs({
  options: { all: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const reportDir = 'node_modules/.cache/sotto/reports';
rmSync(reportDir, { recursive: true, force: true });
mkdirSync(reportDir, { recursive: true });

/** Read by the long suites; those that count instead of timing take their default or the large one. */
const boxes: Readonly<Record<string, string>> = values.all
  ? {
      SOTTO_FULL: '1',
      SOTTO_SIM_SECONDS: '7200',
      SOTTO_FUZZ_SECONDS: '1800',
      SOTTO_FUZZ: '5000000',
      SOTTO_DECODERS: '1000000',
      SOTTO_DAGS: '5000',
    }
  : { SOTTO_SIM_SECONDS: '30', SOTTO_FUZZ_SECONDS: '15', SOTTO_BROWSER_SECONDS: '1500' };

interface Step {
  readonly name: string;
  readonly command: ReadonlyArray<string>;
  /** Where the tool writes how many tests passed; without it the step counts as one. */
  readonly report?: string;
  readonly count?: (report: unknown) => Count;
  readonly env?: Readonly<Record<string, string>>;
  /**
   * `first`: others need what it makes. `in-pairs`: reads files and measures nothing. `beside`: waits
   * for a bad link nearly all the time, so it runs beside those and `alone`, which make way for it.
   * `last`: needs the whole machine. What runs beside something is printed when it is done.
   */
  readonly when: 'first' | 'in-pairs' | 'alone' | 'beside' | 'last';
  /** Why it cannot run here. */
  readonly obstacle?: () => string | undefined;
}

const node = process.execPath;
const bin = (name: string): string => join('node_modules/.bin', name);

const check = (name: string, tool: string, ...args: ReadonlyArray<string>): Step => ({
  name,
  command: [bin(tool), ...args],
  when: 'in-pairs',
});

const vitest = (): Step => {
  const report = join(reportDir, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return {
    name: 'unit',
    command: [bin('vitest'), 'run', ...reporters],
    when: 'alone',
    report,
    count: readVitest,
  };
};

const playwright = (name: 'browser' | 'e2e' | 'namespaces'): Step => {
  const report = join(reportDir, `${name}.json`);
  return {
    name,
    command: [bin('playwright'), 'test', `--project=${name}`, '--reporter=list,json'],
    when: name === 'namespaces' ? 'beside' : 'last',
    report,
    count: readPlaywright,
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    obstacle: missingBrowsers,
  };
};

const steps: ReadonlyArray<Step> = [
  { name: 'build', command: [node, 'relay/build.ts'], when: 'first' },
  { name: 'size', command: [bin('size-limit')], when: 'first' },
  check('lint', 'eslint', '.'),
  check('format', 'prettier', '--check', '--log-level=warn', '.'),
  check('types', 'tsc'),
  check('types-core', 'tsc', '-p', 'tsconfig.core.json'),
  check('types-worker', 'tsc', '-p', 'tsconfig.worker.json'),
  check('svelte', 'svelte-check', '--fail-on-warnings', '--output', 'human-verbose'),
  check('dead-code', 'knip'),
  vitest(),
  playwright('browser'),
  playwright('e2e'),
  playwright('namespaces'),
];

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const execute = async (step: Step, isMakingWay: boolean): Promise<boolean> => {
  const [program = '', ...args] = step.command;
  const isBesideOthers = step.when === 'in-pairs' || step.when === 'beside';
  const child = spawn(program, args, {
    stdio: isBesideOthers ? 'pipe' : 'inherit',
    env: { ...process.env, ...boxes, ...step.env },
  });
  if (isMakingWay && child.pid !== undefined) {
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  }
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Buffer) => printed.push(bytes));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  process.stdout.write(Buffer.concat(printed));
  return code === 0;
};

/** A tool that failed without saying which test did, or said nothing at all, is one failure. */
const countOf = (step: Step, isGood: boolean): Count => {
  if (step.report === undefined || step.count === undefined) {
    return isGood ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  }
  try {
    const count = step.count(JSON.parse(readFileSync(step.report, 'utf8')));
    return isGood ? count : { ...count, failed: Math.max(1, count.failed) };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

const runStep = async (step: Step, isMakingWay: boolean): Promise<Count> => {
  const obstacle = step.obstacle?.();
  if (obstacle !== undefined) {
    say(obstacle);
    return { passed: 0, failed: 1 };
  }
  return countOf(step, await execute(step, isMakingWay));
};

const main = async (): Promise<void> => {
  const wanted = steps.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const strange = positionals.find((name) => !steps.some((step) => step.name === name));
  if (strange !== undefined || wanted.length === 0) {
    say(`There is no step "${strange ?? ''}". Steps: ${steps.map(({ name }) => name).join(', ')}`);
    process.exit(1);
  }
  if (wanted.some(({ obstacle }) => obstacle !== undefined)) provideBrowsers();

  const lines: string[] = [];
  const total = { passed: 0, failed: 0 };
  const take = async (step: Step, isMakingWay = false): Promise<void> => {
    say(`\n── ${step.name}`);
    const startedAt = performance.now();
    const { passed, failed, retried = 0 } = await runStep(step, isMakingWay);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    total.passed += passed;
    total.failed += failed;
    const mark = failed === 0 ? '✓' : '✗';
    const again = retried === 0 ? '' : `, ${retried} at the second try`;
    lines.push(
      `${mark} ${step.name.padEnd(14)} ${seconds.padStart(7)} s   ${passed} passed${again}, ${failed} failed`,
    );
  };
  const those = (when: Step['when']): Step[] => wanted.filter((step) => step.when === when);
  const takeAll = async (queue: Step[], isMakingWay = false): Promise<void> => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      await take(step, isMakingWay);
    }
  };
  await takeAll(those('first'));
  const isMakingWay = those('beside').length > 0;
  const beside = takeAll(those('beside'));
  const inPairs = those('in-pairs');
  await Promise.all([takeAll(inPairs, isMakingWay), takeAll(inPairs, isMakingWay)]);
  await takeAll(those('alone'), isMakingWay);
  await beside;
  await takeAll(those('last'));
  say(`\n${lines.join('\n')}\n`);
  say(`${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed === 0 ? 0 : 1);
};

await main();
