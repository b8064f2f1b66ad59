/**
 * Names and types of files from others, made safe: a name is shown and saved under, so it has no
 * folders, nothing that controls or turns a line, and nothing that a file system takes for its own.
 */
import { utf8ToBytes } from '../../base/bytes.ts';
import { toWireText } from '../cbor.ts';
import { limits } from '../limits.ts';

const nameless = 'file';
/** Controls, direction marks, what is not seen, and separators of folders and streams. */
const unsafe = new RegExp(
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e' +
    '\\u2060-\\u206f\\ufeff\\ufff9-\\ufffc/\\\\:*?"<>|]+',
  'gu',
);
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

const isTooLong = (name: string): boolean => utf8ToBytes(name).length > limits.fileNameBytesMax;

/** Cut in the middle of the name: what it ends with says what it is. */
const shortened = (name: string): string => {
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : '';
  let stem = Array.from(ending === '' ? name : name.slice(0, dot));
  while (isTooLong(stem.join('') + ending)) stem = stem.slice(0, -1);
  return stem.join('') + ending;
};

/** [BL5] Safe for any text; a name that is safe stays as it is. */
export const safeFileName = (text: string): string => {
  const cleaned = toWireText(text)
    .replace(unsafe, '_')
    .replace(/^[\s.]+/, '')
    .replace(/[\s.]+$/, '');
  const name = isTooLong(cleaned) ? shortened(cleaned) : cleaned;
  if (/^_*$/.test(name)) return nameless;
  return reserved.test(name) ? `_${name}` : name;
};

export const anyMediaType = 'application/octet-stream';
const mediaType = /^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/;

/** Without parameters; what is none is just bytes. */
export const safeMediaType = (text: string): string => {
  const [essence = ''] = text.toLowerCase().split(';');
  const trimmed = essence.trim();
  const isFit = trimmed.length <= limits.mediaTypeBytesMax && mediaType.test(trimmed);
  return isFit ? trimmed : anyMediaType;
};

/** Drawn by the browser as pictures, and nothing that could hold a script. */
const drawnTypes: ReadonlySet<string> = new Set([
  ...['image/webp', 'image/jpeg', 'image/png', 'image/gif', 'image/avif', 'image/bmp'],
]);

/** Whether a file of this type may be shown as more than a file. */
export const isShownAs = (kind: 'image' | 'video' | 'voice', type: string): boolean => {
  if (kind === 'image') return drawnTypes.has(type);
  return type.startsWith(kind === 'video' ? 'video/' : 'audio/');
};
