/** Jede Verbindung dieses Augenblicks, und wie man sie weitergibt. */
import type { LinkView, Person } from '../../../core/api.ts';
import { duration, isolated, listed, size } from '../format.ts';

export const links = {
  links: 'Verbindungen jetzt',
  noLinks: 'Keine',
  linkTo: (people: ReadonlyArray<Person>): string =>
    people.length === 0
      ? 'Noch nicht bekannt'
      : listed(
          people.map(({ name, isMe }) => (isMe ? 'Ein anderes Gerät von dir' : isolated(name))),
        ),
  linkFacts: ({ path, openForMs, quietForMs, sentBytes, receivedBytes }: LinkView): string =>
    [
      path === 'direct' ? 'direkt' : 'über ein Relay',
      `Dauer: ${duration(openForMs)}`,
      `letzte Daten: ${duration(quietForMs)} her`,
      `${size(sentBytes)} hinaus, ${size(receivedBytes)} herein`,
    ].join(' · '),
  copyDiagnostics: 'Diagnose kopieren',
  copyState: {
    no: 'Nur Zahlen und Zustände: keine Namen, keine Adressen, keine Nachrichten.',
    yes: 'Kopiert',
    refused: 'Dieser Browser hat das Kopieren nicht erlaubt.',
  },
};
