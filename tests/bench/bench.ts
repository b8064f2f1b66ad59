/**
 * What every row of the suite is: something of ours, measured in rounds, and the same workload done
 * by a peer or by the bare platform in the same rounds. No row passes or fails: a reader compares.
 */

/** Milliseconds and bytes are better when few, rates and throughput when many; only the reader judges. */
export type Unit = 'ms' | 'kB' | 'per s' | 'MB/s' | 'per CPU min' | 'pictures' | '%';

/** One number for each round; rounds of ours and of the peer alternate, so that they pair up. */
export interface Series {
  readonly name: string;
  readonly rounds: ReadonlyArray<number>;
}

export interface Row {
  /** Of BENCHMARKS.md, with a letter where a row has parts. */
  readonly id: string;
  readonly measures: string;
  readonly unit: Unit;
  readonly rounds: ReadonlyArray<number>;
  /** Measured in the same run; absent where there is nothing to hold it against. */
  readonly against?: Series;
  /** What the project aims at, in words. */
  readonly aim?: string;
}

export interface BenchOptions {
  /** The quick subset: fewer rounds and fewer messages, same shape. */
  readonly isSmoke: boolean;
  /** A line about what is going on now. */
  say(line: string): void;
}

export interface Bench {
  readonly id: string;
  readonly title: string;
  /** Part of `--smoke`. */
  readonly isSmoke: boolean;
  run(options: BenchOptions): Promise<ReadonlyArray<Row>>;
}
