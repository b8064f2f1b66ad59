/** What went wrong below, in the words of core/api.ts: for a command's answer, and for the notice. */
import type { CommandError, Trouble } from './api.ts';
import type { AppendFailure } from './epochs/epoch-logs.ts';

export type CoreFailure = AppendFailure | 'damaged-record' | 'too-many';

export const commandErrorOf = (failure: CoreFailure): CommandError => {
  if (failure === 'disk-full') return 'disk-full';
  return failure === 'too-many' ? 'too-many' : 'storage-failed';
};

export const troubleOf = (failure: CoreFailure): Trouble => {
  switch (failure) {
    case 'disk-full':
      return 'disk-full';
    case 'open-failed':
      return 'storage-open-failed';
    case 'blocked':
      return 'storage-blocked';
    case 'newer-data':
      return 'storage-newer';
    default:
      return 'storage-failed';
  }
};
