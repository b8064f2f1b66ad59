/** Who is writing at this moment: told to those who are here, shown for a few seconds, kept nowhere. */
import { toHex } from '../../../base/bytes.ts';
import { limits } from '../../../protocol/limits.ts';
import { openSignal, sealSignal, verifySignal, type Signal } from '../../../protocol/signal.ts';
import type { Verdict } from '../../../network/port.ts';
import type { Epoch } from '../../epochs/epoch.ts';
import type { LogDeps } from '../../epochs/epoch-logs.ts';
import { createRateLimit, type RateLimit } from '../../sync/rate-limit.ts';
import type { Settings } from '../../vault/settings.ts';
import type { Conversation } from '../conversation.ts';
import { tellsOthers } from './request.ts';

export interface TypingInput {
  readonly deps: LogDeps;
  readonly conversation: Conversation;
  readonly settings: Settings;
  /** To the devices at the other ends of links; gossip goes by itself. */
  readonly send: (frame: Uint8Array) => void;
  readonly shown: () => void;
}

const everybody = new Uint8Array(1);

export class Typing {
  readonly #input: TypingInput;
  /** By person, until when it is shown. */
  readonly #until = new Map<string, number>();
  /** By device, the last counter: what is sent again says nothing. */
  readonly #counters = new Map<string, number>();
  readonly #rate: RateLimit;
  readonly #deviceRate: RateLimit;
  #toldAtMs = -Infinity;
  #counter = 0;

  constructor(input: TypingInput) {
    this.#input = input;
    const { clock } = input.deps.core;
    this.#rate = createRateLimit(clock, {
      burst: limits.signalBurstMax,
      perSecond: limits.signalsPerSecondMax,
      keysMax: 1,
    });
    this.#deviceRate = createRateLimit(clock, {
      burst: limits.deviceSignalBurstMax,
      perSecond: limits.deviceSignalsPerSecondMax,
      keysMax: limits.devicesMax,
    });
  }

  /** [TY1] Nobody is shown to who does not tell. */
  people(): ReadonlyArray<string> {
    const { deps, settings } = this.#input;
    if (!settings.sharing.typing) return [];
    const nowMs = deps.core.clock.monotonic();
    return [...this.#until]
      .filter(([identityHex, untilMs]) => untilMs > nowMs && !settings.isBlocked(identityHex))
      .map(([identityHex]) => identityHex);
  }

  /** [TY2] At most every 3 s, and only where somebody is there to see it. */
  async tell(): Promise<void> {
    const { deps, conversation, send } = this.#input;
    const { clock, random, network } = deps.core;
    const epoch = this.#mayTell() ? conversation.epochs.choose({ isQuiet: true }) : undefined;
    const nowMs = clock.monotonic();
    if (epoch === undefined || nowMs - this.#toldAtMs < limits.typingToldEachMs) return;
    this.#toldAtMs = nowMs;
    this.#counter = Math.max(this.#counter + 1, clock.now());
    const frame = await sealSignal(
      epoch.keys,
      { counter: this.#counter, endsAtMs: clock.now() + limits.typingShownMs, what: 'typing' },
      { device: deps.me.device, nonce: random.bytes(24) },
    );
    network.publish(epoch.keys.topic, frame);
    send(frame);
  }

  /** [SG3] A frame of this epoch, by gossip or over a link: what is not new and signed is not shown. */
  async receive(epoch: Epoch, frame: Uint8Array): Promise<Verdict> {
    if (!this.#rate.take(everybody)) return 'ignore';
    const opened = openSignal(epoch.keys, frame);
    if (opened === undefined) return 'reject';
    const { signal } = opened;
    const deviceHex = toHex(signal.devSignPub);
    const identityHex = this.#input.conversation.epochs.recipients(epoch).get(deviceHex);
    const isMember = this.#input.conversation.membership.isMemberDevice(signal.devSignPub);
    if (identityHex === undefined || !isMember || !this.#isNew(signal)) return 'ignore';
    if (!(await verifySignal(this.#input.deps.core.backend, opened))) return 'reject';
    if (!this.#isNew(signal) || !this.#deviceRate.take(signal.devSignPub)) return 'ignore';
    this.#counters.set(deviceHex, signal.counter);
    if (signal.what === 'typing') this.#show(identityHex);
    return 'accept';
  }

  /** What they were writing has come. */
  stopped(identityHex: string): void {
    this.#until.delete(identityHex);
  }

  #mayTell(): boolean {
    const { deps, conversation, settings } = this.#input;
    const { identityId } = deps.me.identity;
    const isHeard = conversation.peers.length > 0 && conversation.membership.isWriter(identityId);
    return settings.sharing.typing && isHeard && tellsOthers(conversation);
  }

  #isNew({ devSignPub, counter, endsAtMs }: Signal): boolean {
    const deviceHex = toHex(devSignPub);
    const awayMs = endsAtMs - this.#input.deps.core.clock.now();
    const isOfNow =
      awayMs > -limits.clockSkewMaxMs && awayMs <= limits.signalLifeMaxMs + limits.clockSkewMaxMs;
    const isOwn = deviceHex === this.#input.conversation.deviceHex;
    return isOfNow && !isOwn && counter > (this.#counters.get(deviceHex) ?? -1);
  }

  #show(identityHex: string): void {
    const { deps, shown } = this.#input;
    const { clock } = deps.core;
    this.#until.set(identityHex, clock.monotonic() + limits.typingShownMs);
    clock.schedule(limits.typingShownMs, shown);
    shown();
  }
}
