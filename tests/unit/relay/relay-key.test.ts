import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadRelayKey } from '../../../relay/relay-key.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (name: string): Promise<number> =>
  (await stat(join(folder, name))).mode & 0o777;

describe('relay key', () => {
  test('[RK1] is made once and then stays, for its owner alone', async () => {
    const made = await loadRelayKey(folder);
    expect(await readdir(folder)).toEqual(['relay.key']);
    expect(await modeOf('relay.key')).toBe(0o600);
    expect((await loadRelayKey(folder)).equals(made)).toBe(true);
  });

  test('[RK1] a key that others could read is closed to them', async () => {
    await loadRelayKey(folder);
    await chmod(join(folder, 'relay.key'), 0o644);
    await loadRelayKey(folder);
    expect(await modeOf('relay.key')).toBe(0o600);
  });

  test('[RK2] a damaged key is reported and never replaced', async () => {
    await writeFile(join(folder, 'relay.key'), 'not a key');
    await expect(loadRelayKey(folder)).rejects.toThrow('cannot be read');
    expect(await readFile(join(folder, 'relay.key'), 'utf8')).toBe('not a key');
  });
});
