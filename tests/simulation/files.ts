/** A group that sends files: what its devices show of them, and what they can read. */
import type { AttachmentView, MessageItem, NewAttachment } from '../../src/core/api.ts';
import { bytesFrom, plainFile } from '../support/files.ts';
import type { Peer } from './peer.ts';
import { History, type RunOptions } from './run.ts';

export class FileGroup {
  readonly history: History;
  readonly bytesByText = new Map<string, Uint8Array<ArrayBuffer>>();

  constructor(seed: number, options: Partial<RunOptions> = {}) {
    this.history = new History(seed, { messages: 0, isHarsh: false, peers: 3, ...options });
  }

  async begin(): Promise<ReadonlyArray<Peer>> {
    await this.history.meet();
    await this.history.world.run(5000);
    return this.history.peers;
  }

  idOf(peer: Peer): string {
    return this.history.ids.get(peer) ?? '';
  }

  /** Bytes of its own for each text. */
  async send(
    peer: Peer,
    text: string,
    { size, ...more }: Partial<NewAttachment> & { readonly size: number },
  ) {
    const bytes = bytesFrom(text.length * 7919 + size, size);
    this.bytesByText.set(text, bytes);
    return peer.do({
      type: 'SendMessage',
      conversationId: this.idOf(peer),
      text,
      attachments: [plainFile(bytes, more)],
    });
  }

  message(peer: Peer, text: string): MessageItem | undefined {
    return peer.messages.find((message) => message.text === text);
  }

  file(peer: Peer, text: string): AttachmentView | undefined {
    return this.message(peer, text)?.attachments[0];
  }

  stateAt(peer: Peer, text: string): string {
    const state = this.file(peer, text)?.state;
    return state?.kind === 'waiting' ? `waiting for ${state.for}` : (state?.kind ?? 'none');
  }

  states(text: string): ReadonlyArray<string> {
    return this.history.peers.map((peer) => this.stateAt(peer, text));
  }

  named(peer: Peer, text: string) {
    return {
      conversationId: this.idOf(peer),
      key: this.message(peer, text)?.key ?? '',
      attachmentId: this.file(peer, text)?.id ?? '',
    };
  }

  /** All of it, in the largest pieces there are. */
  async read(peer: Peer, text: string): Promise<Uint8Array | string> {
    const size = this.file(peer, text)?.sizeBytes ?? 0;
    const parts: number[] = [];
    while (parts.length < size) {
      const part = await peer.do({
        type: 'ReadAttachment',
        ...this.named(peer, text),
        fromByte: parts.length,
        byteCount: size,
      });
      if (!part.ok) return part.error;
      for (const byte of part.value) parts.push(byte);
    }
    return Uint8Array.from(parts);
  }

  async until(peers: ReadonlyArray<Peer>, text: string, state: string) {
    return this.history.world.run(60_000, () =>
      peers.every((peer) => this.stateAt(peer, text) === state),
    );
  }
}
