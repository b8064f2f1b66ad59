/** The relay's mailbox over a store in memory, for a world whose time is not the machine's. */
import { Mailbox, type MailboxOptions } from '../../relay/mailbox/mailbox.ts';
import { MailboxStore } from '../../relay/mailbox/mailbox-store.ts';
import type { CryptoBackend } from '../../src/crypto/backend.ts';

export const createMemoryMailbox = (
  { now, backend }: { readonly now: () => number; readonly backend: CryptoBackend },
  options: Partial<MailboxOptions> = {},
): Mailbox =>
  new Mailbox({
    store: new MailboxStore({ path: ':memory:', now }),
    backend,
    now,
    bytesMax: 64 * 1024 * 1024,
    lifeMs: 30 * 86_400_000,
    hasFiles: true,
    ...options,
  });
