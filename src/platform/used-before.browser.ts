/**
 * Whether somebody has used Sotto in this browser, remembered beside the database: a database that is
 * empty although it should not be was deleted or evicted, and must not look like a first start
 * (RELIABILITY row 21). Where the browser keeps nothing the answer is no.
 */
const storeKey = 'sotto.used';

export const wasUsedBefore = (): boolean => {
  try {
    return localStorage.getItem(storeKey) !== null;
  } catch {
    return false;
  }
};

export const noteUse = (): void => {
  try {
    localStorage.setItem(storeKey, '1');
  } catch {
    return; // the answer stays no
  }
};
