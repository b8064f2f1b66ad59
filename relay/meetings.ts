/**
 * Who meets under which key, in memory only: a relay that stops has forgotten. Keys are opaque and
 * blobs are sealed, so the store knows no more than which peers of the moment share a key.
 *
 * Bounds: keys per peer, peers per key, bytes per blob, bytes in all (protocol/limits.ts).
 */
import { toHex } from '../src/base/bytes.ts';
import { err, ok, type Result } from '../src/base/result.ts';
import { metBytes, type MetBlobs } from '../src/network/relays/rendezvous.ts';
import type { Meeting } from '../src/network/port.ts';
import { limits } from '../src/protocol/limits.ts';

interface Place {
  readonly key: Uint8Array;
  readonly blobByPeer: Map<string, Uint8Array>;
  /** The store's counter at the last change; unique, so that a reply can stop between two keys. */
  changedAt: number;
}

interface Registration {
  readonly places: ReadonlyArray<Place>;
  readonly bytes: number;
  expiresAtMs: number;
}

export interface Answer {
  readonly met: ReadonlyArray<MetBlobs>;
  /** Pass it as `since` next time. */
  readonly mark: number;
}

export interface Meetings {
  /** Replaces what the peer had registered. A key where too many meet already is left out. */
  register(peer: string, meetings: ReadonlyArray<Meeting>): Result<void, 'full'>;
  /** The blobs of others under the peer's keys that changed after `since`, and a new lease. */
  poll(peer: string, since: number): Answer;
  /** Forgets the peer at once; for when its connection has gone. */
  remove(peer: string): void;
  /** Forgets everyone whose lease ran out. */
  expire(): void;
  readonly peerCount: number;
  readonly placeCount: number;
}

const bytesOf = (meetings: ReadonlyArray<Meeting>): number =>
  meetings.reduce((sum, { key, blob }) => sum + key.length + blob.length, 0);

export const createMeetings = (now: () => number): Meetings => {
  const placeByKey = new Map<string, Place>();
  const registrationByPeer = new Map<string, Registration>();
  let changes = 0;
  let bytesHeld = 0;

  const change = (place: Place): void => {
    changes += 1;
    place.changedAt = changes;
  };

  const remove = (peer: string): void => {
    const registration = registrationByPeer.get(peer);
    if (registration === undefined) return;
    registrationByPeer.delete(peer);
    bytesHeld -= registration.bytes;
    for (const place of registration.places) {
      place.blobByPeer.delete(peer);
      change(place);
      if (place.blobByPeer.size === 0) placeByKey.delete(toHex(place.key));
    }
  };

  const enter = (peer: string, meeting: Meeting): Place | undefined => {
    const id = toHex(meeting.key);
    const place = placeByKey.get(id) ?? { key: meeting.key, blobByPeer: new Map(), changedAt: 0 };
    if (place.blobByPeer.size >= limits.meetingPeersPerKeyMax) return undefined;
    place.blobByPeer.set(peer, meeting.blob);
    placeByKey.set(id, place);
    change(place);
    return place;
  };

  return {
    register: (peer, meetings) => {
      remove(peer);
      const bytes = bytesOf(meetings);
      if (bytesHeld + bytes > limits.meetingStoreBytesMax) return err('full');
      const places = meetings.flatMap((meeting) => enter(peer, meeting) ?? []);
      bytesHeld += bytes;
      registrationByPeer.set(peer, { places, bytes, expiresAtMs: now() + limits.meetingTtlMs });
      return ok(undefined);
    },
    poll: (peer, since) => {
      const registration = registrationByPeer.get(peer);
      if (registration === undefined) return { met: [], mark: changes };
      registration.expiresAtMs = now() + limits.meetingTtlMs;
      const changed = registration.places
        .filter((place) => place.changedAt > since)
        .sort((a, b) => a.changedAt - b.changedAt);
      const met: MetBlobs[] = [];
      let bytes = 0;
      let mark = since;
      for (const { key, blobByPeer, changedAt } of changed) {
        const blobs = [...blobByPeer].filter(([other]) => other !== peer).map(([, blob]) => blob);
        bytes += metBytes({ key, blobs });
        if (bytes > limits.meetingReplyBytesMax) return { met, mark };
        met.push({ key, blobs });
        mark = changedAt;
      }
      return { met, mark: changes };
    },
    remove,
    expire: () => {
      const nowMs = now();
      for (const [peer, { expiresAtMs }] of registrationByPeer) {
        if (expiresAtMs <= nowMs) remove(peer);
      }
    },
    get peerCount() {
      return registrationByPeer.size;
    },
    get placeCount() {
      return placeByKey.size;
    },
  };
};
