/** Reads how many tests passed from what the test runners write. */

export interface Count {
  readonly passed: number;
  readonly failed: number;
  /** Of those that passed: how many needed a second try. */
  readonly retried?: number;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: ReadonlyArray<{
    readonly status: string;
    readonly assertionResults: ReadonlyArray<unknown>;
  }>;
}

/** A file that could not even be loaded holds no failed test; it counts as one. */
export const readVitest = (report: unknown): Count => {
  const { numPassedTests, numFailedTests, testResults } = report as VitestReport;
  const unloadable = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + unloadable.length };
};

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
  };
  /** Of the run itself: no test found, out of time. */
  readonly errors: ReadonlyArray<unknown>;
}

export const readPlaywright = (report: unknown): Count => {
  const { stats, errors } = report as PlaywrightReport;
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    retried: stats.flaky,
  };
};
