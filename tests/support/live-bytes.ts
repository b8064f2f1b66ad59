/** Everything that is alive in this process: what somebody finds who can read its memory. */
import { Session } from 'node:inspector';
import { assert } from '../../src/base/assert.ts';

interface Found {
  readonly objectId?: string | undefined;
}

declare global {
  var liveArrays: ReadonlyArray<Uint8Array> | undefined;
}

/** The contents of every array of bytes that can be reached from anywhere, private fields too. */
export const liveBytes = (): ReadonlyArray<Uint8Array> => {
  const session = new Session();
  session.connect();
  let prototype: Found | undefined;
  let objects: Found | undefined;
  session.post('Runtime.evaluate', { expression: 'Uint8Array.prototype' }, (_, { result }) => {
    prototype = result;
  });
  assert(prototype?.objectId !== undefined, 'there is a prototype');
  const { objectId: prototypeObjectId } = prototype;
  session.post('Runtime.queryObjects', { prototypeObjectId }, (_, answer) => {
    ({ objects } = answer);
  });
  assert(objects?.objectId !== undefined, 'there are arrays');
  const { objectId } = objects;
  const functionDeclaration = 'function () { globalThis.liveArrays = this; }';
  session.post('Runtime.callFunctionOn', { objectId, functionDeclaration });
  session.disconnect();
  const arrays = globalThis.liveArrays ?? [];
  globalThis.liveArrays = undefined;
  return arrays.filter((array) => ArrayBuffer.isView(array)); // prototypes are among them
};

/** Which of these bytes, in hex, stand anywhere in memory. */
export const aliveAmong = (hexes: ReadonlyArray<string>): ReadonlyArray<string> => {
  const arrays = liveBytes();
  return hexes.filter((hex) => {
    const wanted = Buffer.alloc(hex.length / 2, hex, 'hex');
    return arrays.some((array) =>
      Buffer.from(array.buffer, array.byteOffset, array.byteLength).includes(wanted),
    );
  });
};
