/** What may be written from one address in a day: a mailbox costs its maker nothing else. */

const dayMs = 86_400_000;
const addressesMax = 100_000;

export interface AddressQuota {
  /** Takes so many bytes; false where they are more than is left today. */
  take(address: string, bytes: number): boolean;
}

export const createAddressQuota = (now: () => number, bytesMax: number): AddressQuota => {
  let day = -1;
  let usedByAddress = new Map<string, number>();
  return {
    take: (address, bytes) => {
      const today = Math.floor(now() / dayMs);
      if (today !== day || usedByAddress.size > addressesMax) usedByAddress = new Map();
      day = today;
      const used = (usedByAddress.get(address) ?? 0) + bytes;
      if (used > bytesMax) return false;
      usedByAddress.set(address, used);
      return true;
    },
  };
};
