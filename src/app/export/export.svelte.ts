import type { CommandError, Core } from '../../core/api.ts';
import { writeArchive } from '../../media/archive.browser.ts';
import { openSink, type Sink } from '../../media/save.browser.ts';
import { late } from '../text/late-words.ts';
import { CopyStopped, entriesOf, planCopy, type Copied, type CopyPlan } from './copy.ts';

/** So much of an archive is more than its files: what is said of each, and each message. */
const bytesPerFile = 1024;
const bytesPerMessage = 2048;

/** Who is there is known a little later, where the conversation was not open. */
type Uncounted = Omit<Copied, 'members'>;

/** A copy of a conversation, from counting what is here until it is written. */
export class ExportState {
  stage = $state<'counting' | 'asking' | 'writing' | 'done' | 'failed'>('counting');
  plan = $state.raw<CopyPlan | undefined>(undefined);
  problem = $state<CommandError | 'too-large' | undefined>(undefined);
  doneBytes = $state(0);
  brokenCount = $state(0);
  readonly hundredths = $derived.by(() => {
    const whole = this.plan?.fileBytes ?? 0;
    return whole === 0 ? 0 : Math.floor((100 * this.doneBytes) / whole);
  });

  readonly #core: Core;
  readonly #copied: Uncounted;
  #isCalledOff = false;

  constructor(core: Core, copied: Uncounted) {
    this.#core = core;
    this.#copied = copied;
  }

  readonly count = async (): Promise<void> => {
    try {
      this.plan = await planCopy(this.#core, this.#copied.conversationId);
      this.stage = 'asking';
    } catch (error) {
      this.#failed(error);
    }
  };

  /** Has to be called from a click: the browser asks where to. */
  readonly write = async (members: Copied['members']): Promise<void> => {
    const { plan } = this;
    if (plan === undefined) return;
    const sink = await openSink({
      name: `${late().export.fileName(this.#copied.name)}.zip`,
      sizeBytes:
        plan.fileBytes + plan.files.size * bytesPerFile + plan.messageCount * bytesPerMessage,
    });
    if (sink === undefined) return;
    if (sink === 'too-large') {
      this.problem = sink;
      return;
    }
    this.problem = undefined;
    this.stage = 'writing';
    await this.#writeTo(sink, { plan, members });
  };

  /** Nothing of it is left behind. */
  readonly callOff = (): void => {
    this.#isCalledOff = true;
  };

  async #writeTo(
    sink: Sink,
    { plan, members }: Pick<Copied, 'members'> & { readonly plan: CopyPlan },
  ): Promise<void> {
    const progress = {
      onBytes: (count: number): void => {
        this.doneBytes += count;
      },
      onBroken: (): void => {
        this.brokenCount += 1;
      },
      isCalledOff: (): boolean => this.#isCalledOff,
    };
    const copied = { ...this.#copied, members };
    const entries = entriesOf(this.#core, { copied, plan, progress });
    try {
      await writeArchive(entries, sink, new Date(this.#copied.nowMs));
      await sink.close();
      this.stage = 'done';
    } catch (error) {
      this.#failed(error);
      await sink.abort();
    }
  }

  #failed(error: unknown): void {
    const reason = error instanceof CopyStopped ? error.reason : 'storage-failed';
    this.problem = reason === 'called-off' ? undefined : reason;
    this.stage = 'failed';
  }
}
