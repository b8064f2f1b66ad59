/** Cada conexión de este momento, y cómo pasarla a otra persona. */
import type { LinkView, Person } from '../../../core/api.ts';
import { duration, isolated, listed, size } from '../format.ts';

export const links = {
  links: 'Conexiones ahora',
  noLinks: 'Ninguna',
  linkTo: (people: ReadonlyArray<Person>): string =>
    people.length === 0
      ? 'Aún no se sabe'
      : listed(people.map(({ name, isMe }) => (isMe ? 'Otro dispositivo tuyo' : isolated(name)))),
  linkFacts: ({ path, openForMs, quietForMs, sentBytes, receivedBytes }: LinkView): string =>
    [
      path === 'direct' ? 'directa' : 'por un relay',
      `desde hace ${duration(openForMs)}`,
      `últimos datos hace ${duration(quietForMs)}`,
      `salen ${size(sentBytes)}, entran ${size(receivedBytes)}`,
    ].join(' · '),
  copyDiagnostics: 'Copiar el diagnóstico',
  copyState: {
    no: 'Solo cifras y estados: ni nombres, ni direcciones, ni mensajes.',
    yes: 'Copiado',
    refused: 'Este navegador no dejó copiar a Sotto.',
  },
};
