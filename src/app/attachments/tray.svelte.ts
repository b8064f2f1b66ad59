import type { NewAttachment } from '../../core/api.ts';
import type { Result } from '../../base/result.ts';
import { prepareFile, type Prepared, type PrepareOptions } from '../../media/prepare.browser.ts';
import type { PrepareProblem } from '../../media/prepare-problem.ts';
import { limits } from '../../protocol/limits.ts';
import type { ChoiceProblem } from './choice-problem.ts';

export interface TrayItem {
  readonly id: number;
  readonly name: string;
  /** As it was chosen; undefined where it came back from a message that could not be stored. */
  readonly file: File | undefined;
  readonly asOriginal: boolean;
  /** Undefined: being looked at. */
  readonly prepared: Prepared | undefined;
  /** Address of its small picture; undefined: it has none. */
  readonly url: string | undefined;
}

export interface TrayProblem {
  readonly id: number;
  readonly name: string;
  readonly problem: ChoiceProblem;
}

type Prepare = (file: File, options: PrepareOptions) => Promise<Result<Prepared, PrepareProblem>>;

const urlOf = ({ preview }: Prepared): string | undefined =>
  preview && URL.createObjectURL(new Blob([preview]));

/** What was chosen for one message, in its order: nothing has left this window yet. */
export class TrayState {
  items = $state.raw<ReadonlyArray<TrayItem>>([]);
  problems = $state.raw<ReadonlyArray<TrayProblem>>([]);
  readonly isBusy = $derived.by(() => this.items.some(({ prepared }) => prepared === undefined));
  readonly totalBytes = $derived.by(() =>
    this.items.reduce(
      (sum, { prepared, file }) => sum + (prepared?.data.size ?? file?.size ?? 0),
      0,
    ),
  );
  /** Some of them can be handed over as they were. */
  readonly hasCleaned = $derived.by(() =>
    this.items.some(({ asOriginal, prepared }) => asOriginal || isCleaned(prepared)),
  );
  readonly asOriginal = $derived.by(() => this.items.some((item) => item.asOriginal));

  readonly #prepare: Prepare;
  #serial = 0;
  readonly #running = new Set<Promise<void>>();

  constructor(prepare: Prepare = prepareFile) {
    this.#prepare = prepare;
  }

  readonly add = async (files: ReadonlyArray<File>): Promise<void> => {
    this.problems = [];
    const room = limits.attachmentsMax - this.items.length;
    for (const file of files.slice(room)) this.complain(file.name, 'too-many');
    const fresh = files.slice(0, room).map((file) => ({
      id: (this.#serial += 1),
      name: file.name,
      file,
      asOriginal: this.asOriginal,
      prepared: undefined,
      url: undefined,
    }));
    this.items = [...this.items, ...fresh];
    await Promise.all(fresh.map((item) => this.#look(item)));
  };

  /** Says why something is not in here. */
  readonly complain = (name: string, problem: ChoiceProblem): void => {
    this.problems = [...this.problems, { id: (this.#serial += 1), name, problem }];
  };

  readonly remove = (id: number): void => {
    const item = this.items.find((each) => each.id === id);
    if (item?.url !== undefined) URL.revokeObjectURL(item.url);
    this.items = this.items.filter((each) => each.id !== id);
  };

  /** Puts it at this place among the others. */
  readonly move = (id: number, to: number): void => {
    const from = this.items.findIndex((each) => each.id === id);
    const item = this.items[from];
    if (item === undefined || to < 0 || to >= this.items.length) return;
    this.items = this.items.toSpliced(from, 1).toSpliced(to, 0, item);
  };

  /** For all of them: what the camera wrote stays in, or is taken out. */
  readonly setOriginal = async (asOriginal: boolean): Promise<void> => {
    const again = this.items.filter(({ file }) => file !== undefined);
    this.items = this.items.map((item) =>
      item.file === undefined ? item : { ...item, asOriginal, prepared: undefined },
    );
    await Promise.all(again.map((item) => this.#look({ ...item, asOriginal })));
  };

  /** All of it, once it is ready; undefined: something had to be left out, and the person is told. */
  readonly take = async (): Promise<ReadonlyArray<Prepared> | undefined> => {
    this.problems = [];
    while (this.#running.size > 0) await Promise.all(this.#running);
    const taken = this.items.flatMap(({ prepared }) => prepared ?? []);
    if (this.problems.length > 0) return undefined;
    for (const { id } of this.items) this.remove(id);
    return taken;
  };

  /** What could not be stored. */
  readonly putBack = (files: ReadonlyArray<NewAttachment>): void => {
    const back = files.filter(isPrepared).map((prepared) => ({
      id: (this.#serial += 1),
      name: prepared.name,
      file: undefined,
      asOriginal: prepared.cleaning === 'original',
      prepared,
      url: urlOf(prepared),
    }));
    this.items = [...back, ...this.items];
  };

  #look(item: TrayItem & { readonly file?: File | undefined }): Promise<void> {
    const running = this.#lookAt(item).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }

  async #lookAt({ id, file, name, asOriginal }: TrayItem): Promise<void> {
    if (file === undefined) return;
    const result = await this.#prepare(file, { asOriginal });
    const before = this.items.find((each) => each.id === id);
    // Taken out meanwhile, or the choice about originals has changed.
    if (before?.asOriginal !== asOriginal) return;
    if (!result.ok) {
      this.remove(id);
      this.complain(name, result.error);
      return;
    }
    if (before.url !== undefined) URL.revokeObjectURL(before.url);
    const looked = { ...before, prepared: result.value, url: urlOf(result.value) };
    this.items = this.items.map((each) => (each.id === id ? looked : each));
  }
}

const isCleaned = (prepared: Prepared | undefined): boolean =>
  prepared?.cleaning === 'cleaned' || prepared?.cleaning === 'partly';

const isPrepared = (file: NewAttachment): file is Prepared =>
  'cleaning' in file && file.data instanceof Blob;
