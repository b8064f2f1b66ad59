/**
 * Files in a random history: sent, given up, damaged on disk and lied about while everything else
 * fails. Afterwards every file that is wanted is here as it was, or nobody who could give it has it.
 */
import { decodeBlobFrame } from '../../src/protocol/blobs/blob-frames.ts';
import { bytesFrom, plainFile } from '../support/files.ts';
import type { Internet } from './network.ts';
import type { Peer } from './peer.ts';
import type { World } from './world.ts';

interface SentFile {
  readonly text: string;
  readonly by: Peer;
  readonly bytes: Uint8Array;
}

export interface FileWorldInput {
  readonly world: World;
  readonly net: Internet;
  readonly idOf: (peer: Peer) => string | undefined;
  readonly liar: Peer | undefined;
}

/** Mostly one chunk; at times several, so that more than one holder is asked. */
const sizes = [1, 900, 5000, 20_000, 150_000] as const;

export class FileWorld {
  readonly #input: FileWorldInput;
  readonly #sent: SentFile[] = [];
  /** Of all that were begun: no two have the same name, also where both are on their way. */
  #serial = 0;
  /** By peer and text: taken off that device by its person. */
  readonly #freed = new Set<string>();
  readonly violations: string[] = [];
  lieCount = 0;
  damageCount = 0;

  constructor(input: FileWorldInput) {
    this.#input = input;
    if (input.liar !== undefined) this.#lieAbout(input.liar.name);
  }

  get count(): number {
    return this.#sent.length;
  }

  /** One step of a history. */
  step(peers: ReadonlyArray<Peer>): void {
    const { world } = this.#input;
    if (world.chance(12)) this.#send(world.random.pick(peers));
    if (world.chance(3)) this.#free(world.random.pick(peers));
    if (world.chance(3)) this.#damage(world.random.pick(peers));
    if (world.chance(3)) this.#throttle(world.random.pick(peers));
    if (world.chance(2)) this.#fill(world.random.pick(peers));
  }

  heal(peers: ReadonlyArray<Peer>): void {
    this.#input.net.throttles.clear();
    for (const { blobDisk } of peers) blobDisk.capacityBytes = Infinity;
  }

  /** Each promise that is broken. */
  broken(peers: ReadonlyArray<Peer>): ReadonlyArray<string> {
    return [...this.violations, ...this.#lacking(peers)];
  }

  isSettled(peers: ReadonlyArray<Peer>): boolean {
    return this.#lacking(peers).next().done === true;
  }

  /** Reads all that is said to be here: what does not read any more is fetched again. */
  async readAll(peers: ReadonlyArray<Peer>, isLast: boolean): Promise<void> {
    for (const peer of peers) {
      for (const { text, bytes } of this.#sentBy(peers)) {
        const file = fileAt(peer, text);
        if (file?.state.kind !== 'here') continue;
        const key = peer.messages.find((message) => message.text === text)?.key ?? '';
        const named = { conversationId: this.#input.idOf(peer) ?? '', key, attachmentId: file.id };
        const range = { type: 'ReadAttachment', fromByte: 0, byteCount: bytes.length } as const;
        const read = await peer.do({ ...range, ...named });
        const isSame = read.ok && Buffer.compare(read.value, bytes) === 0;
        const isAwaited = !isLast && !read.ok && read.error === 'not-ready';
        if (isSame || isAwaited) continue;
        this.violations.push(`F2 ${peer.name} reads "${text}" otherwise than it was sent`);
      }
    }
  }

  *#lacking(peers: ReadonlyArray<Peer>): Generator<string, void, undefined> {
    for (const { text } of this.#sentBy(peers)) {
      const holders = peers.filter((peer) => fileAt(peer, text)?.state.kind === 'here');
      for (const peer of peers) {
        const state = fileAt(peer, text)?.state;
        if (state === undefined || state.kind === 'here') continue;
        if (this.#freed.has(`${peer.name} ${text}`)) continue;
        const giver = holders.find((holder) => this.#isDirect(peer, holder));
        if (giver !== undefined) yield `F1 ${peer.name} lacks "${text}", which ${giver.name} has`;
        if (state.kind === 'preparing') yield `F1 ${peer.name} never got "${text}" ready`;
      }
    }
  }

  /** Whose author stays, and was told that it is kept. */
  #sentBy(peers: ReadonlyArray<Peer>): ReadonlyArray<SentFile> {
    return this.#sent.filter(({ by }) => peers.includes(by));
  }

  #isDirect(one: Peer, other: Peer): boolean {
    const [a, b] = [one.network, other.network];
    return a !== undefined && b !== undefined && this.#input.net.pathOf(a, b) === 'direct';
  }

  #send(peer: Peer): void {
    const { world, idOf, liar } = this.#input;
    const conversationId = idOf(peer);
    if (!peer.isRunning || conversationId === undefined || peer === liar) return;
    const bytes = bytesFrom(world.random.below(2 ** 30), world.random.pick(sizes));
    const text = `file ${String(this.#serial++)} of ${peer.name}`;
    const sending = { type: 'SendMessage', text, attachments: [plainFile(bytes)] } as const;
    void peer.execute({ ...sending, conversationId }).then((sent) => {
      world.note(`sent ${text} ${String(sent.ok)}`);
      if (sent.ok) this.#sent.push({ text, by: peer, bytes });
    });
  }

  /** Somebody else has it, or so it is said: it may be gone for all all the same. */
  #free(peer: Peer): void {
    const conversationId = this.#input.idOf(peer);
    const here = peer.messages.filter(({ attachments }) => attachments[0]?.state.kind === 'here');
    if (!peer.isRunning || here.length === 0 || conversationId === undefined) return;
    const { key, text, attachments } = this.#input.world.random.pick(here);
    this.#freed.add(`${peer.name} ${text}`);
    const attachmentId = attachments[0]?.id ?? '';
    void peer.execute({ type: 'FreeAttachment', conversationId, key, attachmentId });
  }

  #damage({ blobDisk }: Peer): void {
    const chunks = [...blobDisk.files.values()].flatMap((slots) => [...slots.values()]);
    if (chunks.length === 0) return;
    this.damageCount += 1;
    this.#input.world.random.pick(chunks).fill(0, 0, 9);
  }

  #throttle({ name }: Peer): void {
    const { world, net } = this.#input;
    net.throttles.set(name, world.random.pick([2000, 20_000]));
    world.schedule(world.random.pick([5000, 60_000]), () => {
      net.throttles.delete(name);
    });
  }

  #fill({ blobDisk }: Peer): void {
    const { world } = this.#input;
    blobDisk.capacityBytes = blobDisk.usedBytes + world.random.below(30_000);
    world.schedule(world.random.pick([2000, 20_000]), () => {
      blobDisk.capacityBytes = Infinity;
    });
  }

  /** A member who gives other bytes, or nothing, for half of what it is asked for. */
  #lieAbout(name: string): void {
    const { net, world } = this.#input;
    const { arriving } = net;
    net.arriving = (frame, way) => {
      const copy = arriving(frame, way);
      if (way.by !== 'blob' || way.from !== name || !world.chance(50)) return copy;
      const decoded = decodeBlobFrame(copy);
      if (!decoded.ok || decoded.value.t !== 'chunk') return copy;
      this.lieCount += 1;
      copy[copy.length - 5] = (copy[copy.length - 5] ?? 0) ^ 1;
      return copy;
    };
  }
}

const fileAt = (peer: Peer, text: string) =>
  peer.messages.find((message) => message.text === text)?.attachments[0];
