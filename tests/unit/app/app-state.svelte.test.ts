import { describe, expect, test, vi } from 'vitest';
import { createAppState, type AppState } from '../../../src/app/app-state.svelte.ts';
import type { Person } from '../../../src/core/api.ts';
import { FakeCore } from '../../support/fake-core.ts';
import { createScene, mira, tomas } from '../../support/ui-harness/scene.ts';
import { setupEnvironment, type TestEnvironment } from './environment.ts';

/** Lets answers that are promises arrive; nothing here takes real time. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

const setup = async (
  fragment = '#/c/garden',
): Promise<{ app: AppState; core: FakeCore; environment: TestEnvironment }> => {
  const environment = setupEnvironment(fragment);
  const core = createScene(() => environment.clock.now());
  const app = createAppState(core, environment);
  await settle();
  return { app, core, environment };
};

const keysOf = (core: FakeCore, type: string): number =>
  core.log.filter((command) => command.type === type).length;

describe('the state of a window', () => {
  test('[AT2] words and files that could not be stored come back together, beside what was written since', async () => {
    const { app, core } = await setup();
    const composer = app.conversation?.composer;
    if (composer === undefined) throw new Error('a conversation is open');
    await composer.offer([new File(['a list'], 'list.txt', { type: 'text/plain' })]);
    composer.type('see this');
    core.refusals.set('SendMessage', 'disk-full');
    const { promise: gate, resolve: answer } = Promise.withResolvers<undefined>();
    core.gate = gate;
    const sending = composer.send();
    await vi.waitUntil(() => composer.text === '');
    composer.type('and that');
    answer(undefined);
    await sending;
    expect(composer.problem).toBe('disk-full');
    expect(composer.text).toBe('see this\n\nand that');
    expect(composer.tray?.items.map(({ name }) => name)).toEqual(['list.txt']);
    await composer.send();
    expect(composer.tray?.items).toEqual([]);
    expect(app.conversation?.items.at(-1)).toMatchObject({
      text: 'see this\n\nand that',
      attachments: [{ name: 'list.txt' }],
    });
  });

  test('[UI50] it opens the conversation of the address, and closes it when that changes', async () => {
    const { app, core, environment } = await setup();
    expect(app.conversation?.id).toBe('garden');
    expect(app.conversation?.items.length).toBe(10);
    expect(app.conversation?.details?.members.length).toBe(4);
    environment.visit('#/settings');
    await settle();
    expect(app.conversation).toBeUndefined();
    expect(keysOf(core, 'CloseTimeline')).toBe(1);
  });

  test('[UI50] with room for two panes the newest conversation is open from the start', async () => {
    const { app, environment } = await setup('');
    expect(app.conversation?.id).toBe('garden');
    expect(environment.fragment()).toBe('#/c/garden');
  });

  test('[UI50] on a phone the start is the list, and back leads there', async () => {
    const environment = setupEnvironment('');
    environment.isNarrowNow = true;
    const app = createAppState(
      createScene(() => environment.clock.now()),
      environment,
    );
    await settle();
    expect(app.conversation).toBeUndefined();
    app.openConversation('tomas');
    app.toggleDetails();
    expect(environment.fragment()).toBe('#/c/tomas/details');
    app.toggleDetails();
    expect(environment.fragment()).toBe('#/c/tomas');
    app.route.back({ screen: 'home' });
    expect(app.route.current).toEqual({ screen: 'home' });
  });

  test('[UI51] an invite in the address of a running tab is taken out at once', async () => {
    const { app, environment } = await setup();
    environment.visit('#/i/secret');
    expect(environment.fragment()).toBe('#/c/garden');
    expect(app.join.link).toBe('#/i/secret');
    await settle();
    expect(app.join.preview?.kind).toBe('direct');
    expect(app.conversation?.id).toBe('garden');
  });

  test('[UI52] a draft is stored 300 ms after the last key, and at once when it is left', async () => {
    const { app, core, environment } = await setup();
    const stored = (): string | undefined =>
      core.conversations.find(({ id }) => id === 'garden')?.draft;
    app.conversation?.composer.type('half');
    environment.pass(299);
    await settle();
    expect(stored()).toBe('');
    environment.pass(1);
    await settle();
    expect(stored()).toBe('half');
    app.conversation?.composer.type('half a thought');
    app.openConversation('tomas');
    await settle();
    expect(stored()).toBe('half a thought');
    app.openConversation('garden');
    expect(app.conversation?.composer.text).toBe('half a thought');
  });

  test('[UI52] what was handed over leaves no draft; what was refused comes back', async () => {
    const { app, core } = await setup();
    app.conversation?.composer.type('hello');
    await app.conversation?.composer.send();
    expect(app.conversation?.composer.text).toBe('');
    expect(core.conversations.find(({ id }) => id === 'garden')?.draft).toBe('');
    core.refusals.set('SendMessage', 'disk-full');
    app.conversation?.composer.type('again');
    await app.conversation?.composer.send();
    expect(app.conversation?.composer.text).toBe('again');
    expect(app.conversation?.composer.problem).toBe('disk-full');
  });

  test('[UI42] what came late is listed, and the line stands above what is new', async () => {
    const { app, core, environment } = await setup('#/c/tomas');
    const tomasIs = core.find('tomas');
    const foreign = tomasIs.items.filter((item) => item.type === 'message' && !item.author.isMe);
    const [first, second] = foreign.map(({ key }) => key);
    if (first === undefined || second === undefined) throw new Error('two messages');
    app.openConversation('garden');
    await settle();
    tomasIs.lateKeys = [first];
    tomasIs.unreadCount = 2;
    core.changed();
    app.openConversation('tomas');
    await settle();
    expect(app.conversation?.newKey).toBe(foreign.at(-1)?.key);
    expect(app.conversation?.lateKeys).toEqual([first]);
    tomasIs.lateKeys = [first, second];
    tomasIs.unreadCount = 3;
    core.changed();
    expect(app.conversation?.lateKeys).toEqual([first, second]);
    app.setWindowActive(true);
    environment.pass(1000);
    await settle();
    expect(keysOf(core, 'MarkRead')).toBe(1);
    expect(app.conversation?.lateKeys).toEqual([first, second]);
    app.conversation?.showLate();
    expect(app.conversation?.jump.highlighted).toBe(first);
    app.conversation?.showLate();
    expect(app.conversation?.jump.highlighted).toBe(second);
    expect(app.conversation?.lateKeys).toEqual([]);
  });

  test('[UI53] read means in sight at the end, window active, for a second', async () => {
    const { app, core, environment } = await setup('#/c/tomas');
    environment.pass(5000);
    expect(keysOf(core, 'MarkRead')).toBe(0); // The window is not active.
    app.setWindowActive(true);
    app.conversation?.showBottom(false);
    environment.pass(5000);
    expect(keysOf(core, 'MarkRead')).toBe(0); // The end is out of sight.
    app.conversation?.showBottom(true);
    environment.pass(999);
    expect(keysOf(core, 'MarkRead')).toBe(0);
    environment.pass(1);
    expect(keysOf(core, 'MarkRead')).toBe(1);
  });

  test('[RU3] what is marked as unread stays so in sight, until it is opened anew', async () => {
    const { app, core, environment } = await setup('#/c/tomas');
    app.setWindowActive(true);
    environment.pass(1000);
    await settle();
    expect(keysOf(core, 'MarkRead')).toBe(1);
    await app.conversation?.acts.markUnread('tomas-1');
    environment.pass(60_000);
    await settle();
    expect(keysOf(core, 'MarkRead')).toBe(1);
    app.openConversation('garden');
    await settle();
    app.openConversation('tomas');
    await settle();
    environment.pass(1000);
    expect(keysOf(core, 'MarkRead')).toBe(2);
  });

  test('[RU3] so does what is marked before it was in sight for a second', async () => {
    const { app, core, environment } = await setup('#/c/tomas');
    app.setWindowActive(true);
    environment.pass(999);
    void app.conversation?.acts.markUnread('tomas-1'); // nothing has come back from the core
    environment.pass(1);
    await settle();
    expect(keysOf(core, 'MarkRead')).toBe(0);
  });

  test('[UI54] the line above what is new stands where the reader left', async () => {
    const { app, core } = await setup('#/c/tomas');
    expect(app.conversation?.newKey).toBe('tomas-1');
    core.receive('tomas', tomas, 'one more');
    await settle();
    expect(app.conversation?.newKey).toBe('tomas-1');
  });

  test('[UI54] messages below what is on screen are counted', async () => {
    const { app, core } = await setup();
    app.setWindowActive(true);
    app.conversation?.showBottom(false);
    core.receive('garden', mira, 'one');
    core.receive('garden', mira, 'two');
    expect(app.conversation?.unseenCount).toBe(2);
    app.conversation?.showBottom(true);
    expect(app.conversation?.unseenCount).toBe(0);
  });

  test('[UI55] live messages of the open conversation are announced, at most once in 2 s', async () => {
    const { app, core, environment } = await setup();
    core.receive('tomas', tomas, 'elsewhere');
    expect(app.announcer.line).toBe('');
    core.receive('garden', mira, 'x'.repeat(300));
    expect(app.announcer.line.startsWith('Mira: xx')).toBe(true);
    expect(app.announcer.line.length).toBe(120);
    core.receive('garden', mira, 'two');
    core.receive('garden', mira, 'three');
    environment.pass(1999);
    expect(app.announcer.line.startsWith('Mira: xx')).toBe(true);
    environment.pass(1);
    expect(app.announcer.line).toBe('2 new messages');
  });

  test('[UI56] offline shows after three seconds, not for a short gap', async () => {
    const { app, core, environment } = await setup();
    const setOnline = (isOnline: boolean): void => {
      core.connection = { ...core.connection, isOnline };
      core.changed();
    };
    setOnline(false);
    environment.pass(2999);
    setOnline(true);
    environment.pass(5000);
    expect(app.hasOfflineBanner).toBe(false);
    setOnline(false);
    environment.pass(3000);
    expect(app.hasOfflineBanner).toBe(true);
    setOnline(true);
    expect(app.hasOfflineBanner).toBe(false);
  });

  test('[UI57] an answer to an earlier question about an invite is not shown', async () => {
    const { app, core } = await setup();
    let open: () => void = () => undefined;
    core.gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = app.invite.show({ kind: 'conversation', conversationId: 'garden' });
    const second = app.invite.setOpen(true);
    expect(app.invite.isBusy).toBe(true);
    expect(app.invite.view).toBeUndefined();
    core.gate = undefined;
    open();
    await Promise.all([first, second]);
    expect(app.invite.view?.isOpen).toBe(true);
    expect(app.invite.isBusy).toBe(false);
  });

  test('[UI58] a newcomer gets a name first, then joins', async () => {
    const environment = setupEnvironment('');
    const core = new FakeCore({ now: () => environment.clock.now() });
    const app = createAppState(core, environment);
    await settle();
    expect(app.core.phase).toBe('first-run');
    await app.join.open('https://x/#/i/good');
    await app.join.joinAs('Nora');
    expect(core.log.map((command) => command.type)).toContain('CreateIdentity');
    expect(app.route.current.screen).toBe('join');
    expect(app.core.phase).toBe('ready');
    expect(keysOf(core, 'OpenTimeline')).toBe(0); // what they came for is not there yet
    const [join] = core.joins;
    const ben = core.add('direct', 'Ben');
    core.joins = join === undefined ? [] : [{ ...join, stage: 'joined', conversationId: ben.id }];
    core.changed();
    await settle();
    expect(app.conversation?.id).toBe(ben.id);
  });

  test('[UI14] a tab that made way opens its conversation anew when it leads again', async () => {
    const { app, core } = await setup();
    app.setTab('other');
    core.receive('garden', mira, 'meanwhile');
    expect(app.core.phase).toBe('starting');
    expect(app.conversation).toBeUndefined();
    app.setTab('leader');
    core.changed();
    await settle();
    expect(app.conversation?.id).toBe('garden');
    expect(app.conversation?.items.length).toBe(11);
  });

  test('[UI59] a splice replaces the items it names and keeps the rest', async () => {
    const { app, core } = await setup('#/c/june');
    const key = core.lastOwnKey('june');
    const before = app.conversation?.items;
    core.setDelivery('june', key, { state: 'delivered', haveCount: 1, peopleCount: 1 });
    const item = app.conversation?.items.at(-1);
    expect(item?.key).toBe(key);
    expect(item?.type === 'message' ? item.delivery?.state : undefined).toBe('delivered');
    expect(app.conversation?.items[0]).toBe(before?.[0]);
  });

  test('[UI59] a person in the list is the one the core names', async () => {
    const { app, core } = await setup();
    const renamed: Person = { id: 'me', name: 'Nora B', isMe: true };
    await app.profile.rename(' Nora B ');
    expect(core.me).toEqual(renamed);
    expect(app.core.me).toEqual(renamed);
    expect(app.profile.isSaved).toBe(true);
  });

  test('[UI90] what is unread shows on the icon, of muted conversations not', async () => {
    const { core, environment } = await setup('#/settings');
    const before = environment.unreadShown;
    core.receive('garden', mira, 'hello');
    await settle();
    expect(environment.unreadShown).toBe(before + 1);
  });
});
