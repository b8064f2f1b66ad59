/**
 * Loads a part of the program that comes later. The standard lets a browser remember that a module
 * did not come and answer so until the page is left (Firefox does): under another address it asks.
 */
const address = /https?:\/\/[^\s'"?]+\.js/u;
let count = 0;

const importFrom = (url: string): Promise<unknown> => import(/* @vite-ignore */ url);

/** Fails where it is out of reach, and asks for it again at the next call. */
export const importAgain = async <T>(
  load: () => Promise<T>,
  from: (url: string) => Promise<unknown> = importFrom,
): Promise<T> => {
  try {
    return await load();
  } catch (thrown) {
    const [url] = address.exec(String(thrown)) ?? []; // browsers say which it was
    if (url === undefined) throw thrown;
    count += 1;
    const module = await from(`${url}?again=${String(count)}`);
    return module as T; // from the address that `load` asks at
  }
};
