/** A recorded voice: how long it really is, how it is drawn, and what it is called. */
import { err, ok, type Result } from '../base/result.ts';
import { peaksOf } from './peaks.ts';
import type { Prepared } from './prepare.browser.ts';

const plainType = (type: string): string => type.split(';')[0] ?? type;

export const prepareVoice = async (
  recorded: Blob,
  name: string,
): Promise<Result<Prepared, 'corrupt'>> => {
  const context = new OfflineAudioContext(1, 1, 48_000);
  const bytes = await recorded.arrayBuffer();
  const sound = await context.decodeAudioData(bytes).catch(() => undefined);
  if (sound === undefined) return err('corrupt');
  const mediaType = plainType(recorded.type);
  return ok({
    name: `${name}.${mediaType === 'audio/webm' ? 'webm' : 'm4a'}`,
    mediaType,
    data: new Blob([recorded], { type: mediaType }),
    shape: {
      kind: 'voice',
      durationMs: Math.round(sound.duration * 1000),
      peaks: peaksOf(sound.getChannelData(0)),
    },
    preview: undefined,
    cleaning: 'cleaned',
  });
};
