import { describe, expect, test } from 'vitest';
import { messageKey } from '../../../src/core/conversation/reading/projection.ts';
import { encodeText } from '../../../src/protocol/content-payloads.ts';
import {
  keyOf,
  ownHexOf,
  placeOf,
  restartAlone,
  setupAlone,
  textsOf,
  write,
} from '../../support/erasing.ts';
import { valueOf } from '../protocol/fixtures.ts';

describe('erasing a message', () => {
  test('[ER4] leaves a sign that it was there, now and after a restart, and all others', async () => {
    const alone = await setupAlone();
    await write(alone, ['one', 'two', 'three']);
    valueOf(await alone.conversation.erasing.messages([keyOf(alone, 'two')]));
    expect(textsOf(alone)).toEqual(['one', '✗', 'three']);
    const before = alone.conversation.projection.digest();
    const restarted = await restartAlone(alone);
    expect(textsOf(restarted)).toEqual(['one', '✗', 'three']);
    expect(restarted.conversation.projection.digest()).toEqual(before);
    expect(restarted.conversation.fold.gaps.current()).toEqual([]);
    expect(restarted.failures).toEqual([]);
  });

  test('[ER4] a punctured epoch goes on being written in, and loses more later', async () => {
    const first = await setupAlone();
    await write(first, ['one', 'two']);
    valueOf(await first.conversation.erasing.messages([keyOf(first, 'two')]));
    await write(first, ['three']);
    const again = await restartAlone(first);
    await write(again, ['four']);
    valueOf(await again.conversation.erasing.messages([keyOf(again, 'one'), keyOf(again, 'four')]));
    await write(again, ['five']);
    const last = await restartAlone(again);
    expect(textsOf(last)).toEqual(['✗', '✗', 'three', '✗', 'five']);
    expect(last.conversation.epochs.held()).toHaveLength(1);
  });

  test('[ER4] is done once, by a place or a key that means nothing nothing is done', async () => {
    const alone = await setupAlone();
    await write(alone, ['one', 'two']);
    const [place, key] = [placeOf(alone, 'one'), keyOf(alone, 'one')];
    valueOf(await alone.conversation.erasing.messages([key]));
    valueOf(await alone.conversation.erasing.messages([key, 'nobody/00']));
    const strange = { ...place, writerHex: 'zz' };
    valueOf(await alone.conversation.erasing.erase([place, strange, { ...place, seq: 4000 }]));
    expect(textsOf(alone)).toEqual(['✗', 'two']);
  });

  test('[ER3] what carries operations or seals is never erased', async () => {
    const alone = await setupAlone();
    await write(alone, ['one']);
    const { epochHex, writerHex } = placeOf(alone, 'one');
    const [epoch] = alone.conversation.epochs.held();
    const places = Array.from({ length: epoch?.nextSeqOf(writerHex) ?? 0 }, (_, seq) => seq)
      .filter((seq) => seq !== placeOf(alone, 'one').seq)
      .map((seq) => ({ epochHex, writerHex, seq }));
    expect(places.length).toBeGreaterThan(1);
    valueOf(await alone.conversation.erasing.erase(places));
    expect(epoch?.secret).toBeDefined();
  });

  test('[ER3] a write that fails erases nothing, and can be tried again', async () => {
    const alone = await setupAlone();
    await write(alone, ['one']);
    const key = keyOf(alone, 'one');
    alone.device.disk.faults.isFailing = true;
    expect(await alone.conversation.erasing.messages([key])).toEqual({
      ok: false,
      error: 'failed',
    });
    expect(textsOf(alone)).toEqual(['one']);
    alone.device.disk.faults.isFailing = false;
    valueOf(await alone.conversation.erasing.messages([key]));
    expect(textsOf(await restartAlone(alone))).toEqual(['✗']);
  });

  test('[ER4] what waits and was never sent is withdrawn', async () => {
    const alone = await setupAlone();
    const { conversation } = alone;
    const content = conversation.content('text', encodeText({ text: 'never' }));
    valueOf(await conversation.outbox.add(content));
    valueOf(await conversation.erasing.messages([messageKey(ownHexOf(alone), content.mid)]));
    await write(alone, ['after']);
    expect(textsOf(alone)).toEqual(['after']);
    expect((await restartAlone(alone)).conversation.outbox.waiting).toEqual([]);
  });
});
