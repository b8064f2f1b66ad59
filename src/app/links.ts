/** Where a link leads, and what is odd about it. Pure. */

export type LinkOddity =
  /** The words name another host than the one it leads to. */
  | 'other-host'
  /** Letters that can imitate others, written out as "xn--". */
  | 'punycode'
  /** Letters of several scripts in one word of the address. */
  | 'mixed-script';

export interface LinkView {
  readonly href: string;
  /** The host, the address or the number: what a person should look at. */
  readonly target: string;
  readonly text: string;
  /** The words are the address itself, so nothing hides behind them. */
  readonly isBare: boolean;
  readonly oddities: ReadonlyArray<LinkOddity>;
}

const schemes = new Set(['https:', 'http:', 'mailto:', 'tel:']);
const hrefUnitsMax = 2048;
const scripts = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Hebrew', 'Arabic', 'Han'].map(
  (script) => new RegExp(`\\p{Script=${script}}`, 'u'),
);

const isMixed = (text: string): boolean =>
  text
    .split(/[\s./:@-]+/u)
    .some((label) => scripts.filter((script) => script.test(label)).length > 1);

const parse = (href: string): URL | undefined => {
  if (href.length > hrefUnitsMax || !URL.canParse(href)) return undefined;
  const url = new URL(href);
  return schemes.has(url.protocol) ? url : undefined;
};

/** The host that words look like; undefined where they look like none. */
const hostIn = (text: string): string | undefined => {
  const words = text.trim();
  if (/\s/u.test(words) || !/[^.]\.[^.]/u.test(words)) return undefined;
  const url = parse(/^[a-z]+:/iu.test(words) ? words : `https://${words}`);
  return url?.hostname === '' ? undefined : url?.hostname;
};

const withoutWww = (host: string): string => host.replace(/^www\./u, '');

/** Undefined: not a link that is offered to be followed; its words are shown as they are. */
export const viewLink = (href: string, text: string): LinkView | undefined => {
  const url = parse(href);
  if (url === undefined) return undefined;
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  const target = isWeb ? url.host : decodeSafely(url.pathname);
  const named = isWeb ? hostIn(text) : undefined;
  const isBare = isWeb ? isAddress(text, url) : text.includes(target);
  const oddities: LinkOddity[] = [];
  if (named !== undefined && withoutWww(named) !== withoutWww(url.hostname)) {
    oddities.push('other-host');
  }
  if (isWeb && /(^|\.)xn--/u.test(url.hostname)) oddities.push('punycode');
  if (isMixed(isBare ? text.split('/').slice(0, 3).join('/') : '')) oddities.push('mixed-script');
  return { href: url.href, target, text, isBare, oddities };
};

/** "https://example.org/a", "www.example.org": the words are where it leads. */
const isAddress = (text: string, url: URL): boolean => {
  const written = parse(/^[a-z]+:/iu.test(text) ? text : `http://${text}`);
  return written?.host === url.host && written.pathname === url.pathname;
};

const decodeSafely = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A broken escape is shown as it is written.
  }
};
