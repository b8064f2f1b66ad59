import { describe, expect, test } from 'vitest';
import { readPlaywright, readVitest } from '../../support/test-reports.ts';

describe('counting tests', () => {
  test('a file that could not be loaded counts as a failure', () => {
    const report = {
      numPassedTests: 7,
      numFailedTests: 2,
      testResults: [
        { status: 'failed', assertionResults: [{}, {}] },
        { status: 'failed', assertionResults: [] },
        { status: 'passed', assertionResults: [{}] },
      ],
    };
    expect(readVitest(report)).toEqual({ passed: 7, failed: 3 });
  });

  test('a run out of time is a failure, and who passed at the second try is told apart', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 1 }, errors: [{}] };
    expect(readPlaywright(report)).toEqual({ passed: 6, failed: 2, retried: 1 });
  });
});
