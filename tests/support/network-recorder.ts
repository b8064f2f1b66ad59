/** Collects a network's events, and waits for conditions over them instead of for time. */
import type {
  LinkId,
  Network,
  NetworkEvent,
  NetworkHandlers,
  PeerId,
  Verdict,
} from '../../src/network/port.ts';

type EventOf<Type extends NetworkEvent['type']> = Extract<NetworkEvent, { readonly type: Type }>;

export interface Recorder extends NetworkHandlers {
  readonly events: ReadonlyArray<NetworkEvent>;
  of<Type extends NetworkEvent['type']>(type: Type): EventOf<Type>[];
  /** Resolves with what the look answers as soon as it answers something. */
  until<T>(look: (recorder: Recorder) => T | undefined | false): Promise<T>;
  /** The link to this peer that is open now. */
  openLink(peerId?: PeerId): EventOf<'LinkOpened'> | undefined;
  framesOn(link: LinkId): Uint8Array[];
  /** Lets go of what it has of these, for who counts megabytes. */
  drop(type: NetworkEvent['type']): void;
  verdict: Verdict;
  readonly gossiped: { topic: string; frame: Uint8Array; from: PeerId }[];
}

export const createRecorder = (): Recorder => {
  let events: NetworkEvent[] = [];
  const waiting = new Set<() => void>();
  const wakeAll = (): void => {
    for (const wake of [...waiting]) wake();
  };
  const recorder: Recorder = {
    get events() {
      return events;
    },
    drop: (type) => {
      events = events.filter((event) => event.type !== type);
    },
    verdict: 'accept',
    gossiped: [],
    event: (event) => {
      events.push(event);
      wakeAll();
    },
    gossip: (topic, frame, from) => {
      recorder.gossiped.push({ topic, frame, from });
      wakeAll();
      return recorder.verdict;
    },
    of: <Type extends NetworkEvent['type']>(type: Type) =>
      events.filter((event): event is EventOf<Type> => event.type === type),
    until: <T>(look: (recorder: Recorder) => T | undefined | false) =>
      new Promise<T>((resolve) => {
        const check = (): void => {
          const answer = look(recorder);
          if (answer === undefined || answer === false) return;
          waiting.delete(check);
          resolve(answer);
        };
        waiting.add(check);
        check();
      }),
    openLink: (peerId) => {
      const closed = new Set(recorder.of('LinkClosed').map(({ link }) => link));
      return recorder
        .of('LinkOpened')
        .findLast((event) => !closed.has(event.link) && (!peerId || event.peerId === peerId));
    },
    framesOn: (link) =>
      recorder.of('FrameReceived').flatMap((event) => (event.link === link ? [event.frame] : [])),
  };
  return recorder;
};

export interface TestPeer {
  readonly network: Network;
  readonly recorder: Recorder;
  readonly peerId: PeerId;
}

/** Starts a network and waits until it says who it is. */
export const startPeer = async (network: Network): Promise<TestPeer> => {
  const recorder = createRecorder();
  network.start(recorder);
  const { peerId } = await recorder.until(() => recorder.of('Started')[0]);
  return { network, recorder, peerId };
};

/** Waits until the relay has this state for the peer. */
export const untilRelay = async (
  { recorder }: TestPeer,
  relay: string,
  state: EventOf<'RelayChanged'>['state'],
): Promise<EventOf<'RelayChanged'>> =>
  recorder.until(() => {
    const last = recorder.of('RelayChanged').findLast((event) => event.relay === relay);
    return last?.state === state ? last : undefined;
  });
