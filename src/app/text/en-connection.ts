/** The words for each connection of this moment, and for handing them on. */
import type { LinkView, Person } from '../../core/api.ts';
import { duration, isolated, listed, size } from './format.ts';

export const links = {
  links: 'Connections now',
  noLinks: 'None',
  linkTo: (people: ReadonlyArray<Person>): string =>
    people.length === 0
      ? 'Not known yet'
      : listed(people.map(({ name, isMe }) => (isMe ? 'Another device of yours' : isolated(name)))),
  linkFacts: ({ path, openForMs, quietForMs, sentBytes, receivedBytes }: LinkView): string =>
    [
      path === 'direct' ? 'directly' : 'through a relay',
      `for ${duration(openForMs)}`,
      `last data ${duration(quietForMs)} ago`,
      `${size(sentBytes)} out, ${size(receivedBytes)} in`,
    ].join(' · '),
  copyDiagnostics: 'Copy diagnostics',
  copyState: {
    no: 'Counts and states only: no names, no addresses, no messages.',
    yes: 'Copied',
    refused: 'This browser did not let Sotto copy.',
  },
};
