/**
 * [MF1] What a file is, by the bytes it begins with. Its name and the type that somebody gives it
 * decide nothing; SVG, HTML and everything else that could run is a plain file.
 */
import { hasText, nameAt } from './bytes.ts';

export type PictureType = 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp' | 'image/avif';
export type MediaType =
  | PictureType
  | 'image/heic'
  | 'video/mp4'
  | 'video/quicktime'
  | 'video/webm'
  | 'audio/mp4'
  | 'audio/ogg'
  | 'audio/mpeg'
  | 'audio/wav'
  | 'application/pdf'
  | 'application/zip';

/** As much of the beginning as the answer needs. */
export const sniffedBytes = 64;
export const unknownType = 'application/octet-stream';

const brands: Readonly<Record<string, MediaType>> = {
  avif: 'image/avif',
  avis: 'image/avif',
  heic: 'image/heic',
  heix: 'image/heic',
  hevc: 'image/heic',
  mif1: 'image/heic',
  msf1: 'image/heic',
  'qt  ': 'video/quicktime',
  'M4A ': 'audio/mp4',
  'M4B ': 'audio/mp4',
};

const signatures: ReadonlyArray<readonly [text: string, type: MediaType]> = [
  ['\xff\xd8\xff', 'image/jpeg'],
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['\x1a\x45\xdf\xa3', 'video/webm'],
  ['OggS', 'audio/ogg'],
  ['ID3', 'audio/mpeg'],
  ['%PDF-', 'application/pdf'],
  ['PK\x03\x04', 'application/zip'],
];

export const sniff = (head: Uint8Array): MediaType | undefined => {
  if (hasText(head, 4, 'ftyp')) return brands[nameAt(head, 8)] ?? 'video/mp4';
  if (hasText(head, 0, 'RIFF') && hasText(head, 8, 'WEBP')) return 'image/webp';
  if (hasText(head, 0, 'RIFF') && hasText(head, 8, 'WAVE')) return 'audio/wav';
  return signatures.find(([text]) => hasText(head, 0, text))?.[1];
};

const pictures: ReadonlyArray<string> = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/avif',
] satisfies ReadonlyArray<PictureType>;

export const isPictureType = (type: string | undefined): type is PictureType =>
  type !== undefined && pictures.includes(type);

export const isVideoType = (type: string | undefined): boolean =>
  type?.startsWith('video/') === true;
