/** Wer was hat, wer zur Gruppe gehört, und der Dialog, der einlädt. */
import type {
  Holding,
  InviteView,
  MemberLevel,
  MessageDetails,
  Person,
  PersonHolding,
  Safety,
} from '../../../core/api.ts';
import type { Catalogue } from '../catalogue.ts';
import { lifeOf } from '../common.ts';
import { date, isolated, number, plural } from '../format.ts';
import { devicesHolding, holdingOf, othersHolding } from '../holders.ts';
import { devices, inviteStages } from './states.ts';

const people = (details: MessageDetails): string | undefined => {
  const holding = othersHolding(details);
  if (holding === undefined) return undefined;
  const { first, moreCount, waitingCount, othersCount } = holding;
  if (waitingCount === 0) return othersCount === 1 ? undefined : 'Alle haben sie';
  const name = isolated(first.name);
  const who =
    moreCount === 0
      ? `${name} hat sie`
      : `${name} und ${plural(moreCount, { one: '# weitere Person', other: '# weitere' })} haben sie`;
  return `${who} · ${number(waitingCount)} ausstehend`;
};

const deliveredTo = (details: MessageDetails): string | undefined => {
  const holding = devicesHolding(details);
  if (holding === undefined) return undefined;
  const { haveCount, meantCount } = holding;
  return `Auf ${number(haveCount)} von ${plural(meantCount, { one: '# Gerät', other: '# Geräten' })} angekommen`;
};

const holdings: Record<Holding, string> = {
  has: 'hat sie',
  waiting: 'wartet',
  'not-meant': 'kam später dazu: nicht für dieses Gerät bestimmt',
};

const standings: Record<Holding | 'no-device', string> = {
  has: 'hat sie',
  waiting: 'wartet',
  'not-meant': 'kam später dazu',
  'no-device': 'kein Gerät',
};

export const messageDetails: Catalogue['messageDetails'] = {
  more: 'Mehr',
  actions: 'Aktionen für die Nachricht',
  copyText: 'Text kopieren',
  title: 'Details der Nachricht',
  gone: 'Diese Nachricht wird hier nicht mehr gezeigt.',
  writtenBy: 'Geschrieben von',
  written: 'Geschrieben',
  arrived: 'Hier angekommen',
  arrivedBefore: 'Bevor Sotto zuletzt geöffnet wurde',
  status: 'Stand',
  people,
  deliveredTo,
  holders: 'Wer sie hat',
  person: (holder: PersonHolding): string => standings[holdingOf(holder)],
  device: (ordinal: number, isThis: boolean): string =>
    isThis ? 'Dieses Gerät' : `Gerät ${number(ordinal)}`,
  holding: (holding: Holding): string => holdings[holding],
  foreign: (author: Person): string =>
    `Geräte sagen nur, wem eine Nachricht gehört, was sie haben; deshalb sieht nur ${isolated(author.name)}, wer diese noch hat.`,
};

export const safety: Catalogue['safety'] = {
  title: 'Du kannst schließen',
  unsafeTitle: 'Behalte dieses Gerät',
  onlyHere: (count: number): string =>
    `${plural(count, { one: '# Nachricht von dir ist', other: '# Nachrichten von dir sind' })} nur auf diesem Gerät. Lass Sotto ab und zu offen, bis jemand online ist.`,
  selfOnly: 'Diese Notizen sind nur auf diesem Gerät.',
  nothing: 'Du hast hier noch nichts geschrieben.',
  all: 'Jede deiner Nachrichten hier ist auf einem weiteren Gerät oder wartet im Briefkasten.',
  full: ({ fullDeviceCount }: Safety): string =>
    fullDeviceCount === 0
      ? 'Kein anderes Gerät hat alles, was du hier geschrieben hast.'
      : `${devices(fullDeviceCount)} ${fullDeviceCount === 1 ? 'hat' : 'haben'} alles.`,
};

export const members: Catalogue['members'] = {
  actions: (name: string): string => `Aktionen für ${name}`,
  make: {
    owner: 'Leitung geben',
    admin: 'Adminrechte geben',
    member: 'Zum Mitglied machen',
    reader: 'Nur lesen lassen',
  } satisfies Record<MemberLevel, string>,
  remove: 'Entfernen',
  removeTitle: (name: string): string => `${name} entfernen?`,
  removeText: (name: string): string =>
    `${isolated(name)} behält, was schon angekommen ist. Was ab jetzt geschrieben wird, hat neue Schlüssel, die ${isolated(name)} nicht bekommt. Links, mit denen alle dazukommen können, werden zurückgenommen.`,
  ownerTitle: (name: string): string => `${name} die Leitung geben?`,
  ownerText: (name: string): string =>
    `Die Leitung darf alles. Niemand kann ${isolated(name)} entfernen oder das zurücknehmen, auch du nicht.`,
  ownerAction: 'Leitung geben',
  regroup: (name: string): string => `Neue Gruppe ohne ${name}`,
  regroupText: (name: string, group: string): string =>
    `Du darfst ${isolated(name)} nicht entfernen. Hiermit entsteht eine neue Gruppe mit allen anderen, die du leitest. Was bisher geschrieben wurde, ist auch dort zu lesen, für alle, die es jetzt lesen können; wer später dazukommt, liest es nicht. ${isolated(group)} geht mit ${isolated(name)} weiter und verrät nichts von der neuen Gruppe.`,
  regroupAction: 'Neue Gruppe anlegen',
  add: 'Leute hinzufügen',
  addSearch: 'Leute suchen',
  addNobody: 'Alle, mit denen du eine Unterhaltung hast, sind in dieser Gruppe.',
  addAction: 'Hinzufügen',
  leave: 'Austreten',
  leaveTitle: (group: string): string => `Aus ${group} austreten?`,
  leaveText:
    'Was dort geschrieben wird, erreicht dich nicht mehr. Was hier ist, bleibt auf diesem Gerät. Um zurückzukommen, brauchst du eine neue Einladung.',
  successor: 'Wer übernimmt',
  successorHint:
    'Du leitest die Gruppe allein: Ohne Nachfolge kann niemand mehr Adminrechte vergeben.',
  nobody: 'Niemand',
};

export const invite: Catalogue['invite'] = {
  title: 'Einladen',
  people: 'Leute einladen',
  withLink: 'Mit einem Link einladen',
  forDirect: 'Dieser Link beginnt eine Unterhaltung zwischen dir und einer Person.',
  forGroup: (name: string): string => `Mit diesem Link kommt man in ${name}.`,
  link: 'Einladungslink',
  making: 'Link wird erstellt',
  copy: 'Link kopieren',
  copied: 'Kopiert',
  copyFailed: 'Dieser Browser hat das Kopieren nicht erlaubt. Markiere den Link und kopiere ihn.',
  qr: 'QR-Code der Einladung',
  isOpen: 'Alle mit dem Link können dazukommen',
  asks: 'Wer diesen Link bekommt, kann anfragen; du nimmst an.',
  opens: 'Wer diesen Link bekommt, ist ohne Nachfrage dabei, auch wenn gerade niemand online ist.',
  options: 'Optionen',
  history: 'Was Neue lesen können',
  histories: {
    none: 'Nichts von vorher',
    since: 'Was geschrieben wird, sobald es den Link gibt',
    all: 'Alles, was noch auf diesem Gerät ist',
  },
  historyHint: 'Wer kam und ging, sehen sie immer.',
  historyOpen: 'Alle mit dem Link können lesen, was du darüber teilst.',
  level: 'Sie kommen dazu als',
  uses: 'Wer ihn nutzen kann',
  usesOf: (count: number): string =>
    plural(count, { one: 'Eine Person', other: 'Bis zu # Personen' }),
  life: 'Wie lange er funktioniert',
  lifeOf: (ms: number): string => {
    const { count, unit } = lifeOf(ms);
    return unit === 'hour'
      ? plural(count, { one: '# Stunde', other: '# Stunden' })
      : plural(count, { one: '# Tag', other: '# Tage' });
  },
  revoke: 'Link zurücknehmen',
  revoked: 'Zurückgenommen. Der alte Link funktioniert nicht mehr.',
  again: 'Neuen Link erstellen',
  stage: (stage: InviteView['stage']): string => inviteStages[stage],
  expires: (atMs: number): string => `Funktioniert bis ${date(atMs)}.`,
};
