/** Everything a page of this origin has stored, as bytes. Runs in the page: it may use no import. */
export const dumpStorage = async (): Promise<ReadonlyArray<string>> => {
  const parts: string[] = [];
  const keep = (bytes: Uint8Array): void => {
    parts.push(Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));
  };
  const keepText = (text: string): void => {
    keep(new TextEncoder().encode(text));
  };
  const walk = (value: unknown): void => {
    if (value instanceof ArrayBuffer) keep(new Uint8Array(value));
    else if (ArrayBuffer.isView(value))
      keep(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) {
        keepText(key);
        walk(inner);
      }
    else keepText(String(value));
  };
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => {
        resolve(request.result);
      };
      request.onerror = () => {
        reject(request.error ?? new Error('a database cannot be read'));
      };
    });

  for (const { name = '' } of await indexedDB.databases()) {
    keepText(name);
    const database = await done(indexedDB.open(name));
    for (const storeName of database.objectStoreNames) {
      keepText(storeName);
      const store = database.transaction(storeName).objectStore(storeName);
      for (const indexName of store.indexNames) keepText(indexName);
      const [keys, values] = [await done(store.getAllKeys()), await done(store.getAll())];
      walk(keys);
      walk(values);
    }
    database.close();
  }
  for (const storage of [localStorage, sessionStorage])
    for (let at = 0; at < storage.length; at++) {
      const key = storage.key(at) ?? '';
      keepText(key);
      keepText(storage.getItem(key) ?? '');
    }
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) keepText(request.url);
  }
  keepText(document.cookie);
  keepText(JSON.stringify(history.state));
  keepText(location.href);
  return parts;
};
