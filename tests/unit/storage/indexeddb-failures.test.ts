/** Failures as browsers tell them, and those that they do not tell. */
import { describe, expect, test } from 'vitest';
import { createInFlight } from '../../../src/storage/indexeddb/indexeddb-in-flight.browser.ts';
import { failureOf, whenAllDone } from '../../../src/storage/indexeddb/indexeddb-open.browser.ts';

const chromiumFull = new DOMException(
  'Connection is closing because of: IO error: …/000003.log: FILE_ERROR_NO_SPACE',
  'UnknownError',
);
const quota = new DOMException('', 'QuotaExceededError');
const aborted = new DOMException('', 'AbortError');

describe('failures', () => {
  test.each([
    ['a quota that refuses', quota, 'disk-full'],
    ["Chromium's full disk", chromiumFull, 'disk-full'],
    ['a newer version', new DOMException('', 'VersionError'), 'newer-data'],
    ['a backing store that fails', new DOMException('Internal error', 'UnknownError'), 'failed'],
    ['something else', 'text', 'failed'],
  ])('[row 23] %s', (_name, error, failure) => {
    expect(failureOf(error)).toBe(failure);
  });

  test('[row 23] of all reasons in a transaction the one that says most counts', async () => {
    const fails = (reason: Error) => Promise.reject(reason);
    const atRequest = whenAllDone({ done: fails(aborted) }, [fails(quota), fails(aborted)]);
    await expect(atRequest).rejects.toBe(quota);
    const atEnd = whenAllDone({ done: fails(chromiumFull) }, [fails(aborted)]);
    await expect(atEnd).rejects.toBe(chromiumFull);
    const fine = whenAllDone({ done: Promise.resolve() }, [Promise.resolve(1)]);
    expect(await fine).toEqual([1]);
  });
});

describe('what is in flight', () => {
  test('[row 22] is given up when the connection is gone, so that nobody waits for ever', async () => {
    const inFlight = createInFlight();
    const lost = [1, 2].map((n) => inFlight.run<unknown>(new Promise(() => undefined), n));
    inFlight.abandon();
    expect(await Promise.all(lost)).toEqual([1, 2]);
  });

  test('[row 22] has its own outcome otherwise', async () => {
    const inFlight = createInFlight();
    expect(await inFlight.run(Promise.resolve('done'), 'lost')).toBe('done');
    await expect(inFlight.run(Promise.reject(aborted), undefined)).rejects.toBe(aborted);
    inFlight.abandon();
  });
});
