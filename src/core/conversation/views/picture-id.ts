/** Names a picture: the same for the same bytes, wherever they are. */
import { toHex } from '../../../base/bytes.ts';
import { hash } from '../../../crypto/hash.ts';
import { readPicture } from '../../../protocol/picture.ts';

/** Undefined: none that may be shown. */
export const pictureIdOf = (picture: Uint8Array | undefined): string | undefined =>
  picture && readPicture(picture) && toHex(hash('sotto1/picture', picture)).slice(0, 32);
