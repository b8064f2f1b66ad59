/**
 * Yamux that says how much more it takes once there is something to say. libp2p's says it after each
 * piece of data; over a circuit that word is itself a piece of data on two further connections, so
 * that half of the frames between two peers behind a relay, and most of what a relay handles, told of
 * windows that were hardly used. Here it waits until a quarter of the smallest window has come: a
 * sender never runs dry, and other implementations do the same.
 */
import { yamux } from '@libp2p/yamux';
import { StreamState, YamuxStream } from '@libp2p/yamux/stream';
import { limits } from '../protocol/limits.ts';

const { handleData, sendWindowUpdate } = YamuxStream.prototype;

/** Bytes that have come since the other side was told last. */
const untold = new WeakMap<YamuxStream, number>();

/** The package has no option for it; its streams are all of this one class. */
const patch = (): void => {
  YamuxStream.prototype.handleData = function (frame) {
    untold.set(this, (untold.get(this) ?? 0) + frame.header.length);
    handleData.call(this, frame);
  };
  YamuxStream.prototype.sendWindowUpdate = function () {
    const isEarly = (untold.get(this) ?? 0) < limits.windowUntoldBytesMax;
    // Before it is established the word also opens the stream, or says that it is open.
    if (this.state === StreamState.Established && isEarly) return;
    if (this.state !== StreamState.Paused) untold.set(this, 0); // a paused one tells later
    sendWindowUpdate.call(this);
  };
};

let isPatched = false;

export const quietYamux = (): ReturnType<typeof yamux> => {
  if (!isPatched) patch();
  isPatched = true;
  return yamux();
};
