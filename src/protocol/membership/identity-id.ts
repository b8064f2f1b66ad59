/** Who somebody is: apart from the log, since it takes nothing else to say it. */
import { hash } from '../../crypto/hash.ts';

export const identityIdOf = (rootPub: Uint8Array): Uint8Array => hash('sotto1/identity', rootPub);
