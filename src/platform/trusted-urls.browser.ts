/**
 * Under Trusted Types a worker starts only from a URL that a named policy has let through. Sotto has
 * one policy, and it lets through what this page's own server gave it.
 */

export interface TrustedUrls {
  /**
   * The URL, marked as one that may become a script. Typed as a string, because that is what
   * `Worker` and `register` are typed to take. Throws for another origin: that is our mistake.
   */
  script(url: string): string;
}

/** What the DOM types do not know yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): unknown };
}

const sameOriginOnly = (url: string): string => {
  const { origin, href } = new URL(url, location.href);
  if (origin !== location.origin) throw new TypeError('A script of another origin is refused.');
  return href;
};

/** A policy name can be claimed once for each page: call it in the composition root. */
export const createTrustedUrls = (): TrustedUrls => {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('sotto', { createScriptURL: sameOriginOnly });
  return {
    script: (url) =>
      policy === undefined ? sameOriginOnly(url) : (policy.createScriptURL(url) as string),
  };
};
