import { describe, expect, test } from 'vitest';
import { ConnectionsState, diagnosticsOf } from '../../../src/app/connections.svelte.ts';
import type { LinkView } from '../../../src/core/api.ts';
import { FakeCore } from '../../support/fake-core.ts';
import { createScene } from '../../support/ui-harness/scene.ts';
import { setupEnvironment } from './environment.ts';

const link: LinkView = {
  people: [{ id: 'secret-identity', name: 'Mira', isMe: false }],
  path: 'direct',
  openForMs: 61_000,
  quietForMs: 2000,
  sentBytes: 1234,
  receivedBytes: 99,
};

const stateOf = (core: FakeCore) => {
  let last = undefined as unknown;
  core.subscribe((event) => {
    if (event.type === 'StateChanged') last = event.state;
  });
  core.changed();
  return last as Parameters<typeof diagnosticsOf>[0]['state'];
};

describe('connections', () => {
  test('[DX1] diagnostics name nobody and no place', () => {
    const state = stateOf(createScene(() => 0));
    const text = diagnosticsOf({ version: '1', browser: 'B', state, links: [link] });
    expect(text).toContain('link 1: direct, known, open 61 s, quiet 2 s, 1234 B out, 99 B in');
    expect(text).toContain('group');
    for (const { id, name, lastLine, draft } of state.conversations) {
      for (const secret of [name, lastLine?.text ?? '', draft, id]) {
        if (secret.length > 5) expect(text).not.toContain(secret);
      }
    }
    for (const { address } of state.connection.relays) expect(text).not.toContain(address);
    expect(text).not.toMatch(/secret-identity|Mira/u);
  });

  test('looks again while somebody looks, and not after', () => {
    const core = new FakeCore({ now: () => 0 });
    const environment = setupEnvironment();
    const connections = new ConnectionsState({
      core,
      clock: environment.clock,
      copyText: () => Promise.resolve(true),
      about: environment,
    });
    const asked = () => core.log.filter(({ type }) => type === 'InspectLinks').length;
    const stop = connections.watch();
    expect(asked()).toBe(1);
    stop();
    environment.pass(10_000);
    expect(asked()).toBe(1);
  });
});
