/** Everybody of a crowd writes in turn: what each part of it sends and hears of it. */
import { setTimeout as delay } from 'node:timers/promises';
import { cpuMs } from '../../support/cost.ts';

/** Some of a crowd, in this process. */
export interface Members {
  /** Of the whole crowd, the number of the first of these. */
  readonly from: number;
  readonly count: number;
  /** One of these says it. */
  say(at: number, text: string): Promise<unknown>;
  /** What each of these hears, its own or not. */
  onText(hear: (at: number, text: string) => void): void;
}

export interface Course {
  readonly id: number;
  /** Of the whole crowd. */
  readonly size: number;
  readonly perSecond: number;
  readonly messages: number;
  /** On the clock of all processes here. */
  readonly startsAtMs: number;
  /** What has not come so long after the last was due is lost. */
  readonly settleMs: number;
}

/** What came, and what all of it took of the processor. */
export interface Played {
  readonly tookMs: ReadonlyArray<number>;
  readonly cpuMs: number;
}

/** The same in all processes of one machine. */
export const sharedNowMs = (): number => performance.timeOrigin + performance.now();

export const playCourse = async (members: Members, course: Course): Promise<Played> => {
  const { from, count } = members;
  const { id, size, perSecond, messages, startsAtMs, settleMs } = course;
  // When it was due: a process that is too busy to send in time does not make itself look quick.
  const dueMs = (number: number): number => startsAtMs + (1000 * number) / perSecond;
  const isHere = (number: number): boolean => number % size >= from && number % size < from + count;
  const tookMs: number[] = [];
  members.onText((at, text) => {
    const [of = '', number = ''] = text.trim().split(' ');
    // The sender's own is shown to it as well, which is no delivery.
    if (of !== String(id) || Number(number) % size === from + at) return;
    tookMs.push(sharedNowMs() - dueMs(Number(number)));
  });
  const startedCpuMs = cpuMs();
  const numbers = Array.from({ length: messages }, (_, number) => number);
  const own = numbers.filter(isHere);
  const sending: Array<Promise<unknown>> = [];
  for (const number of own) {
    await delay(Math.max(0, dueMs(number) - sharedNowMs()));
    const text = `${String(id)} ${String(number)} `.padEnd(200, '.');
    // What is refused, or never kept, counts as what it is: lost.
    sending.push(members.say((number % size) - from, text).catch(() => undefined));
  }
  const expected = messages * count - own.length;
  const untilMs = dueMs(messages) + settleMs;
  await Promise.race([Promise.all(sending), delay(Math.max(0, untilMs - sharedNowMs()))]);
  while (tookMs.length < expected && sharedNowMs() < untilMs) await delay(50);
  return { tookMs, cpuMs: cpuMs() - startedCpuMs };
};
