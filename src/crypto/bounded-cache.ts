/** The values used last, at most so many; what was used least recently goes first. */
export interface BoundedCache<Value> {
  /** The value of this key, made once while it stays in the cache. */
  getOrMake(key: string, make: () => Value): Value;
  readonly size: number;
}

export const createBoundedCache = <Value>(entriesMax: number): BoundedCache<Value> => {
  const valueByKey = new Map<string, Value>(); // a Map iterates in the order of insertion
  return {
    get size() {
      return valueByKey.size;
    },
    getOrMake: (key, make) => {
      const held = valueByKey.get(key);
      const value = held === undefined ? make() : held; // null is a value
      valueByKey.delete(key);
      valueByKey.set(key, value);
      const [oldest] = valueByKey.keys();
      if (valueByKey.size > entriesMax && oldest !== undefined) valueByKey.delete(oldest);
      return value;
    },
  };
};

/** Public keys a backend keeps in parsed form: the devices and writers of a few conversations. */
export const parsedKeysMax = 1024;
