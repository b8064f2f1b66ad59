/**
 * What another program shared with the installed app. The service worker keeps it until a window has
 * taken it to a conversation: the app may not run yet, and its keys are in no service worker.
 */
import { limits } from '../protocol/limits.ts';

/** Under the app's own path; the manifest names it. */
export const sharePath = 'share';

const cacheName = 'sotto-shared';
const fileNameHeader = 'X-File-Name';
/** Keys of the cache are addresses; nobody is ever asked under these. */
const textKey = '/shared/text';
const leftOutKey = '/shared/left-out';
const fileKey = (at: number): string => `/shared/${String(at)}`;

export interface Shared {
  readonly text: string;
  readonly files: ReadonlyArray<File>;
  /** Files that were too many or too large, or found no space. */
  readonly leftOutCount: number;
}

const textOf = async (cache: Cache, key: string): Promise<string> =>
  (await (await cache.match(key))?.text()) ?? '';

const fileAt = async (cache: Cache, at: number): Promise<File | undefined> => {
  const response = await cache.match(fileKey(at));
  if (response === undefined) return undefined;
  const blob = await response.blob();
  const name = decodeURIComponent(response.headers.get(fileNameHeader) ?? '');
  return new File([blob], name, { type: blob.type });
};

const filesIn = async (cache: Cache): Promise<ReadonlyArray<File>> => {
  const files: File[] = [];
  for (let at = 0; at < limits.attachmentsMax; at++) {
    const file = await fileAt(cache, at);
    if (file === undefined) break;
    files.push(file);
  }
  return files;
};

const keepFile = async (cache: Cache, at: number, file: File): Promise<boolean> => {
  const headers = { 'Content-Type': file.type, [fileNameHeader]: encodeURIComponent(file.name) };
  try {
    await cache.put(fileKey(at), new Response(file, { headers }));
    return true;
  } catch {
    return false; // no space: said once the app is open
  }
};

/** What is sent along as title, text and address, each once. */
const wordsIn = (form: FormData): ReadonlyArray<string> => {
  const words = ['title', 'text', 'url'].flatMap((name) => {
    const word = form.get(name);
    return typeof word === 'string' && word !== '' ? [word] : [];
  });
  return [...new Set(words)];
};

/** After what was shared before and not taken yet. */
export const keepShared = async (form: FormData): Promise<void> => {
  const cache = await caches.open(cacheName);
  const before = await textOf(cache, textKey);
  const words = wordsIn(form).join('\n').slice(0, limits.sharedTextCharsMax);
  const text = [before, words].filter((part) => part !== '').join('\n\n');
  const kept = await filesIn(cache);
  let bytes = kept.reduce((sum, { size }) => sum + size, 0);
  let count = kept.length;
  let leftOutCount = Number(await textOf(cache, leftOutKey));
  for (const file of form.getAll('files')) {
    if (!(file instanceof File)) continue;
    const hasRoom = count < limits.attachmentsMax && bytes + file.size <= limits.sharedBytesMax;
    if (!hasRoom || !(await keepFile(cache, count, file))) {
      leftOutCount += 1;
      continue;
    }
    count += 1;
    bytes += file.size;
  }
  await cache.put(textKey, new Response(text.slice(-limits.sharedTextCharsMax)));
  await cache.put(leftOutKey, new Response(String(leftOutCount)));
};

const storage = (): CacheStorage | undefined =>
  (globalThis as { readonly caches?: CacheStorage }).caches; // missing on plain-http pages

export const hasShared = async (): Promise<boolean> => (await storage()?.has(cacheName)) === true;

export const readShared = async (): Promise<Shared> => {
  const cache = await caches.open(cacheName);
  return {
    text: await textOf(cache, textKey),
    files: await filesIn(cache),
    leftOutCount: Number(await textOf(cache, leftOutKey)),
  };
};

/** It lies in a conversation's tray, or nobody wants it. */
export const dropShared = async (): Promise<void> => {
  await caches.delete(cacheName);
};
