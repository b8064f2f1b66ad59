/**
 * How a start begins: the store is opened, who this is and what the list needs are unsealed. All that
 * this imports is the first part of the app's worker, which shows the list before the rest has come
 * (FP2); the rest goes on from here and reads none of it again.
 */
import { ok, type Result } from '../../base/result.ts';
import type { CoreDeps } from '../deps.ts';
import { Settings } from '../vault/settings.ts';
import { readStoredSelf, type LoadFailure, type StoredSelf } from '../vault/stored-self.ts';
import { readListed, type Listed } from './listed.ts';

export type BeginDeps = Pick<CoreDeps, 'storage' | 'random' | 'keySlot'>;

export interface Kept {
  readonly stored: StoredSelf;
  readonly settings: Settings;
  /** Undefined: a conversation has to be taken off this device first (FG1). */
  readonly listed: ReadonlyArray<Listed> | undefined;
}

/** Undefined: nobody has an identity here. */
export type Begun = Result<Kept | undefined, LoadFailure>;

export const begin = async (deps: BeginDeps): Promise<Begun> => {
  const opened = await deps.storage.open();
  const self = opened.ok ? await readStoredSelf(deps) : opened;
  if (!self.ok || self.value === undefined) return self.ok ? ok(undefined) : self;
  const stored = self.value;
  const settings = new Settings(stored.vault);
  const [loaded, leaving, listed] = await Promise.all([
    settings.load(),
    stored.vault.list(['x']),
    readListed(stored.vault),
  ]);
  if (!loaded.ok) return loaded;
  if (!leaving.ok) return leaving;
  if (!listed.ok) return listed;
  const isLeaving = leaving.value.values.length > 0;
  return ok({ stored, settings, listed: isLeaving ? undefined : listed.value });
};
