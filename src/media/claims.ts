/** What a file is called, which is believed only as far as to say that it is wrong. */
const endings = /\.(?:jpe?g|png|gif|webp|avif|mp4|m4v|mov|webm)$/iu;
const types = /^(?:image\/(?:jpeg|png|gif|webp|avif)|video\/(?:mp4|quicktime|webm))$/u;

export const looksLikeMedia = (name: string, type: string): boolean =>
  endings.test(name) || types.test(type);
