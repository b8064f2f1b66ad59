/** From the key of a message, as the interface knows it, to its name on the wire. */
import { fromHex } from '../../../base/bytes.ts';
import type { MessageName } from '../../../protocol/content-payloads.ts';

/** Total: undefined where it is no key of a message. */
export const nameOfKey = (key: string): MessageName | undefined => {
  const [authorHex = '', midHex = '', ...rest] = key.split('/');
  const [identityId, mid] = [fromHex(authorHex), fromHex(midHex)];
  if (!identityId.ok || !mid.ok || rest.length > 0) return undefined;
  if (identityId.value.length !== 32 || mid.value.length !== 16) return undefined;
  return { identityId: identityId.value, mid: mid.value };
};
