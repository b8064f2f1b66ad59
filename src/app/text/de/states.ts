/** Zustände: wer erreichbar ist, wer eine Nachricht hat, wie weit eine Einladung ist. */
import type {
  Closed,
  ConversationKind,
  Delivery,
  DeliveryState,
  InviteView,
  JoinStage,
  MemberLevel,
  MemberTrouble,
  Notice,
  Person,
  Presence,
  RelayView,
  SharedHistory,
  TruthLine,
} from '../../../core/api.ts';
import { wholeSeconds } from '../common.ts';
import { isolated, moment, number, plural, timer } from '../format.ts';

export const seconds = (ms: number): string => `${number(wholeSeconds(ms))} s`;

export const people = (count: number): string =>
  plural(count, { one: '# Person', other: '# Personen' });
export const messages = (count: number): string =>
  plural(count, { one: '# Nachricht', other: '# Nachrichten' });
export const devices = (count: number): string =>
  plural(count, { one: '# Gerät', other: '# Geräte' });

const online = (onlineCount: number, peopleCount: number): string =>
  peopleCount === 1
    ? 'gerade da'
    : `${number(onlineCount)} von ${plural(peopleCount, { one: '# Person', other: '# Personen' })} online`;

export const truth = (line: TruthLine): string => {
  switch (line.kind) {
    case 'only-you':
      return 'Nur du kannst das lesen';
    case 'direct':
      return `Direkt · ${online(line.onlineCount, line.peopleCount)}`;
    case 'relayed':
      return `Über dein Relay · ${online(line.onlineCount, line.peopleCount)}`;
    case 'alone':
      return 'Sonst ist niemand online';
    case 'offline':
      return 'Du bist offline';
    case 'catching-up':
      return `Hole nach: ${number(line.haveCount)} von ${number(line.totalCount)}`;
    case 'no-relay':
      return line.retryMs === undefined
        ? 'Kein Relay erreichbar'
        : `Kein Relay erreichbar: neuer Versuch in ${seconds(line.retryMs)}`;
    case 'connecting':
      return 'Verbindung wird aufgebaut';
  }
};

const waitingFor = (kind: ConversationKind, name: string): string => {
  if (kind === 'self') return 'Nur auf diesem Gerät';
  return kind === 'direct' && name !== ''
    ? `Wartet auf ${name}`
    : 'Wartet, bis ein Gerät online kommt';
};

const forNobody = 'Sonst war noch niemand hier: nur du hast sie';

const holders = ({ haveCount, peopleCount }: Delivery): string =>
  haveCount >= peopleCount
    ? 'Alle haben sie'
    : `${number(haveCount)} von ${people(peopleCount)} ${haveCount === 1 ? 'hat' : 'haben'} sie · ${number(peopleCount - haveCount)} ausstehend`;

export const delivery = (status: Delivery, kind: ConversationKind, name: string): string => {
  const { isForNobody = false } = status;
  switch (status.state) {
    case 'saved':
      return isForNobody ? forNobody : waitingFor(kind, name);
    case 'parked':
      return isForNobody ? forNobody : 'Im Briefkasten. Noch hat sie niemand.';
    case 'delivered':
      if (kind === 'self') return 'Auf einem weiteren deiner Geräte';
      return kind === 'direct' ? 'Angekommen' : holders(status);
    case 'read':
      return kind === 'group' ? `Gelesen · ${holders(status)}` : 'Gelesen';
    case 'blocked':
      return 'Du wurdest entfernt, bevor das ankam';
    case 'expired':
      return 'Von diesem Gerät verschwunden, bevor es jemand erhielt';
  }
};

export const deliveryMarks: Record<DeliveryState, string> = {
  saved: 'Wartet',
  parked: 'Im Briefkasten',
  delivered: 'Angekommen',
  read: 'Gelesen',
  blocked: 'Nicht angekommen',
  expired: 'Verschwunden',
};

const ownHistories =
  'Eines deiner Geräte hat zwei verschiedene Verläufe verbreitet; die anderen nehmen nicht mehr an, was es schreibt. Eine wiederhergestellte Sicherung kann das auslösen.';

const twoHistories = (who: Person): string =>
  who.isMe
    ? ownHistories
    : `Ein Gerät von ${isolated(who.name)} hat zwei verschiedene Verläufe verbreitet. Frag ${isolated(who.name)}.`;

export const memberTrouble = (trouble: MemberTrouble, who: Person): string => {
  if (trouble === 'two-histories') return twoHistories(who);
  return who.isMe
    ? 'Dein Identitätsprotokoll passt nicht zu sich selbst: Vielleicht hat jemand anderes deine Wiederherstellungsphrase.'
    : `Das Identitätsprotokoll von ${isolated(who.name)} ist nicht stimmig. Frag ${isolated(who.name)}.`;
};

export const closed = (why: Closed): string => {
  switch (why.kind) {
    case 'removed':
      return why.by === undefined
        ? 'Du wurdest entfernt. Was hier steht, bleibt auf diesem Gerät.'
        : `${isolated(why.by.name)} hat dich entfernt. Was hier steht, bleibt auf diesem Gerät.`;
    case 'left':
      return 'Du bist ausgetreten. Was hier steht, bleibt auf diesem Gerät.';
    case 'reader':
      return 'Du kannst hier lesen, aber nicht schreiben.';
    case 'two-histories':
      return ownHistories;
  }
};

const has = (who: Person): string => (who.isMe ? 'Du hast' : `${isolated(who.name)} hat`);
const is = (who: Person): string => (who.isMe ? 'Du bist' : `${isolated(who.name)} ist`);
const whom = (who: Person, mine: 'dich' | 'dir'): string => (who.isMe ? mine : isolated(who.name));

const rights: Record<MemberLevel, string> = {
  owner: 'die Leitung',
  admin: 'Adminrechte',
  member: 'die Rechte eines Mitglieds',
  reader: 'nur Leserechte',
};

const reads: Record<SharedHistory, string> = {
  none: 'nichts von vorher',
  since: 'alles seit der Entstehung des Links',
  all: 'alles von vorher',
};

const readsBefore = (who: Person, history: SharedHistory): string =>
  `${who.isMe ? 'Du kannst' : `${isolated(who.name)} kann`} ${reads[history]} lesen`;

export const notice = (line: Notice): string => {
  switch (line.kind) {
    case 'created':
      return `${has(line.by)} die Gruppe gegründet`;
    case 'regrouped':
      return line.without === undefined
        ? `${has(line.by)} diese Gruppe aus einer anderen gebildet, ohne jemanden von dort`
        : `${has(line.by)} die Gruppe neu gebildet, ohne ${whom(line.without, 'dich')} · darüber steht, was vorher geschrieben wurde`;
    case 'joined':
      return `${is(line.who)} dazugekommen · ${readsBefore(line.who, line.history)}`;
    case 'added':
      return `${has(line.by)} ${whom(line.who, 'dich')} dazugeholt · ${readsBefore(line.who, line.history)}`;
    case 'removed':
      return `${has(line.by)} ${whom(line.who, 'dich')} entfernt · ab jetzt gelten neue Schlüssel`;
    case 'left':
      return `${is(line.who)} ausgetreten · ab jetzt gelten neue Schlüssel`;
    case 'level':
      return `${has(line.by)} ${whom(line.who, 'dir')} ${rights[line.level]} gegeben`;
    case 'timer':
      return line.timerMs === undefined
        ? `${has(line.by)} verschwindende Nachrichten ausgeschaltet`
        : `${has(line.by)} verschwindende Nachrichten eingestellt: ${timer(line.timerMs)}`;
    case 'forked':
      return twoHistories(line.who);
  }
};

export const presence = (value: Presence, nowMs: number): string => {
  switch (value.kind) {
    case 'here':
      return value.path === 'direct' ? 'gerade da, direkt' : 'gerade da, über ein Relay';
    case 'heard':
      return `zuletzt gehört: ${moment(value.atMs, nowMs)}`;
    case 'unknown':
      return 'noch nichts gehört';
  }
};

export const levels: Record<MemberLevel, string> = {
  owner: 'Leitung',
  admin: 'Admin',
  member: 'Mitglied',
  reader: 'Nur lesen',
};

export const inviteStages: Record<InviteView['stage'], string> = {
  waiting: 'Wartet darauf, dass der Link geöffnet wird. Du kannst das hier schließen.',
  parked: 'Im Briefkasten: Der Link funktioniert auch, wenn du nicht da bist.',
  opened: 'Geöffnet. Verbindung wird aufgebaut.',
  asked: 'Jemand möchte dazukommen. Vergleicht die vier Wörter.',
  joined: 'Dabei.',
};

export const joinStages: Record<JoinStage, string> = {
  looking:
    'Suche die Person, die dich eingeladen hat. Vielleicht ist ihr Gerät offline: Es geht von selbst weiter, sobald es wieder da ist.',
  parked:
    'Deine Anfrage liegt im Briefkasten. Gerade ist niemand online, der sie annehmen kann: Sobald das geschieht, bist du dabei. Du kannst das hier schließen.',
  connecting: 'Verbindung zu der Person, die dich eingeladen hat, wird aufgebaut.',
  'waiting-approval': 'Deine Anfrage ist da. Sobald sie angenommen wird, bist du dabei.',
  joined: 'Du bist dabei. Die Unterhaltung wird geöffnet.',
  declined: 'Die Anfrage wurde abgelehnt. Nichts von dir wurde dort behalten.',
};

export const relayState = (relay: RelayView): string => {
  switch (relay.state) {
    case 'up':
      return 'Verbunden';
    case 'connecting':
      return 'Verbindung wird aufgebaut';
    case 'unreachable':
      return relay.retryMs === undefined
        ? 'Antwortet nicht'
        : `Antwortet nicht: neuer Versuch in ${seconds(relay.retryMs)}`;
    case 'bad-address':
      return 'Keine Relay-Adresse';
  }
};
