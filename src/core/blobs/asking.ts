/** Asks each peer once, over each link, what it has of the files of a conversation. */
import { limits } from '../../protocol/limits.ts';
import type { BlobFile } from './blob-file.ts';
import { mayHearOf, type BlobPeer, type BlobWire } from './blob-peer.ts';
import type { Serving } from './serving.ts';

export class Asking {
  readonly #wire: BlobWire;
  readonly #serving: Serving;
  /** By link and conversation: files that were asked about. */
  readonly #asked = new Map<string, Set<string>>();

  constructor(wire: BlobWire, serving: Serving) {
    this.#wire = wire;
    this.#serving = serving;
  }

  about(peer: BlobPeer, files: ReadonlyArray<BlobFile>): void {
    const key = `${String(peer.link)}/${peer.scopeId}`;
    const asked = this.#asked.get(key) ?? new Set<string>();
    this.#asked.set(key, asked);
    const due = files
      .filter((file) => !asked.has(file.idHex) && mayHearOf(peer, file))
      .slice(-limits.blobAskedMax);
    if (due.length === 0) return;
    for (const { idHex } of due) asked.add(idHex);
    this.#wire.send(peer, { t: 'ask', ids: due.map(({ id }) => id) }).catch(() => {
      this.#asked.delete(key);
    });
    // Who asks tells: the other side learns what it could fetch here.
    this.#serving.tell(
      peer,
      due.filter(({ have }) => have.count > 0),
    );
  }

  /** Forgets what was asked over links that are gone. */
  keepOnly(open: ReadonlySet<number>): void {
    for (const key of this.#asked.keys()) {
      if (!open.has(Number(key.split('/')[0]))) this.#asked.delete(key);
    }
  }
}
