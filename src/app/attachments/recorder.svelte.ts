import type { MicrophoneProblem } from '../../media/microphone.ts';
import { startRecording, type Recording } from '../../media/recorder.browser.ts';
import { prepareVoice } from '../../media/voice.browser.ts';
import type { Prepared } from '../../media/prepare.browser.ts';
import type { AppClock } from '../environment.ts';

const tickMs = 100;
/** So many of the last moments are drawn while somebody speaks. */
const levelsMax = 64;

/** A voice message from the first word until it is handed over or thrown away. */
export class RecorderState {
  stage = $state<'asking' | 'recording' | 'paused' | 'finishing' | 'ready' | 'failed'>('asking');
  problem = $state<MicrophoneProblem | 'unusable' | undefined>(undefined);
  spokenMs = $state(0);
  levels = $state.raw<ReadonlyArray<number>>([]);
  prepared = $state.raw<Prepared | undefined>(undefined);

  readonly #clock: AppClock;
  readonly #name: string;
  #recording: Recording | undefined;
  #stopTick: (() => void) | undefined;
  #isGone = false;

  constructor(clock: AppClock, name: string) {
    this.#clock = clock;
    this.#name = name;
  }

  readonly start = async (): Promise<void> => {
    const started = await startRecording();
    if (!started.ok) {
      this.problem = started.error;
      this.stage = 'failed';
      return;
    }
    this.#recording = started.value;
    if (this.#isGone) {
      started.value.cancel();
      return;
    }
    this.stage = 'recording';
    this.#tick(this.#clock.now());
  };

  readonly togglePause = (): void => {
    if (this.stage === 'recording') {
      this.#recording?.pause();
      this.#stopTick?.();
      this.stage = 'paused';
    } else if (this.stage === 'paused') {
      this.#recording?.resume();
      this.stage = 'recording';
      this.#tick(this.#clock.now());
    }
  };

  /** What was said, ready to be heard and handed over. */
  readonly finish = async (): Promise<Prepared | undefined> => {
    if (this.prepared !== undefined) return this.prepared;
    const recording = this.#recording;
    if (recording === undefined) return undefined;
    this.#stopTick?.();
    this.stage = 'finishing';
    const voice = await prepareVoice(await recording.stop(), this.#name);
    this.#recording = undefined;
    if (!voice.ok) {
      this.problem = 'unusable';
      this.stage = 'failed';
      return undefined;
    }
    this.prepared = voice.value;
    this.stage = 'ready';
    return voice.value;
  };

  /** Thrown away; the microphone is free. */
  readonly cancel = (): void => {
    this.#isGone = true;
    this.#stopTick?.();
    this.#recording?.cancel();
    this.#recording = undefined;
  };

  #tick(beforeMs: number): void {
    this.#stopTick = this.#clock.schedule(tickMs, () => {
      const nowMs = this.#clock.now();
      this.spokenMs += nowMs - beforeMs;
      this.levels = [...this.levels, this.#recording?.level() ?? 0].slice(-levelsMax);
      this.#tick(nowMs);
    });
  }
}
