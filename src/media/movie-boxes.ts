/**
 * What of a film's header is needed to play it. Whatever is not in these lists (places, devices,
 * comments, boxes that makers of cameras invented) is emptied where it stands, so that nothing moves
 * and every offset in the header still leads to its frames.
 */
import { boxesIn, type Box } from './boxes.ts';
import { big16, nameAt, textBytes, type Bytes } from './bytes.ts';

type Names = ReadonlyArray<string>;

/** Boxes that hold boxes, and which of them stay. */
const kept: Readonly<Record<string, Names>> = {
  moov: ['mvhd', 'trak', 'mvex'],
  trak: ['tkhd', 'edts', 'mdia', 'tref', 'tapt'],
  tapt: ['clef', 'prof', 'enof'],
  edts: ['elst'],
  mdia: ['mdhd', 'hdlr', 'minf'],
  minf: ['vmhd', 'smhd', 'nmhd', 'sthd', 'gmhd', 'hdlr', 'dinf', 'stbl'],
  gmhd: ['gmin', 'text'],
  dinf: ['dref'],
  stbl: [
    ...['stsd', 'stts', 'ctts', 'cslg', 'stsc', 'stsz', 'stz2', 'stco', 'co64', 'stss', 'stps'],
    ...['stsh', 'sdtp', 'sgpd', 'sbgp', 'subs', 'saiz', 'saio', 'padb', 'stdp'],
  ],
  mvex: ['mehd', 'trex'],
  moof: ['mfhd', 'traf'],
  mfra: ['tfra', 'mfro'],
  traf: ['tfhd', 'tfdt', 'trun', 'sgpd', 'sbgp', 'subs', 'saiz', 'saio', 'senc', 'sdtp'],
  wave: ['frma', 'esds', 'mp4a', 'enda', 'chan', 'alac'],
};

/** How the pictures of a track are coded, and how they are to be shown. */
const ofPictures: Names = [
  ...['avcC', 'hvcC', 'lhvC', 'vvcC', 'av1C', 'vpcC', 'esds', 'dvcC', 'dvvC', 'dvwC', 'hvcE'],
  ...['colr', 'pasp', 'clap', 'fiel', 'gama', 'btrt', 'mdcv', 'clli', 'SmDm', 'CoLL', 'cclv'],
  ...['amve', 'st3d', 'sv3d', 'vexu'],
];
const ofSound: Names = [
  ...['esds', 'dOps', 'dfLa', 'dac3', 'dec3', 'dac4', 'alac', 'damr', 'pcmC', 'chan', 'chnl'],
  ...['srat', 'SA3D', 'btrt', 'wave'],
];
const dated: Names = ['mvhd', 'tkhd', 'mdhd'];
/** Lines of text are where drones write their places; browsers show none of a file. */
const seen: Names = ['vide', 'soun'];

/** Of a description of pictures, before its boxes; within it a maker, and the name of a program. */
const pictureBytes = 78;
const maker = { from: 12, to: 16 };
const program = { from: 42, to: 74 };
/** Of one of sound, by its version. */
const soundBytes = [28, 44, 64];

/** What a track is for; empty: it does not say. */
export const kindOf = (header: Uint8Array, track: Box): string => {
  const media = boxesIn(header, track.content, track.end).find(({ name }) => name === 'mdia');
  const inner = media === undefined ? [] : boxesIn(header, media.content, media.end);
  const handler = inner.find(({ name }) => name === 'hdlr');
  return handler === undefined ? '' : nameAt(header, handler.content + 8);
};

/** Somebody sees or hears it. */
export const isSeen = (kind: string): boolean => seen.includes(kind);

export const emptyBox = (header: Uint8Array, { from, content, end }: Box): void => {
  header.set(textBytes('free'), from + 4);
  header.fill(0, content, end);
};

const clearDates = (header: Uint8Array, { content, end }: Box): void => {
  const isLong = header[content] === 1;
  header.fill(0, content + 4, Math.min(end, content + 4 + (isLong ? 16 : 8)));
};

interface Cleaning {
  readonly header: Bytes;
  /** Of the track that it is in. */
  readonly kind: string;
  hasMetadata: boolean;
}

type Within = Pick<Box, 'content' | 'end'>;

/** Between two places: the boxes of these names stay, and nothing between or behind them. */
const keepOnly = (cleaning: Cleaning, { content: from, end }: Within, names: Names): void => {
  const { header } = cleaning;
  let at = from;
  for (const box of boxesIn(header, from, end)) {
    at = box.end;
    if (names.includes(box.name)) cleanBox(cleaning, box);
    else {
      // Room that was left empty tells nothing.
      cleaning.hasMetadata ||= header.subarray(box.content, box.end).some((byte) => byte !== 0);
      emptyBox(header, box);
    }
  }
  header.fill(0, at, end);
};

const cleanDescription = (cleaning: Cleaning, { content, end }: Box): void => {
  const { header, kind } = cleaning;
  if (kind === 'vide') {
    for (const { from, to } of [maker, program]) {
      header.fill(0, Math.min(end, content + from), Math.min(end, content + to));
    }
    keepOnly(cleaning, { content: Math.min(end, content + pictureBytes), end }, ofPictures);
  }
  const fixedBytes = kind === 'soun' ? soundBytes[big16(header, content + 8)] : undefined;
  if (fixedBytes !== undefined) {
    keepOnly(cleaning, { content: Math.min(end, content + fixedBytes), end }, ofSound);
  }
};

const cleanBox = (cleaning: Cleaning, box: Box): void => {
  const { header } = cleaning;
  const { name, content, end } = box;
  const names = kept[name];
  if (dated.includes(name)) clearDates(header, box);
  else if (name === 'hdlr') {
    header.fill(0, Math.min(end, content + 12), end); // behind what it is: who made it, in words
  } else if (name === 'dref') {
    for (const each of boxesIn(header, content + 8, end))
      header.fill(0, each.content + 4, each.end);
  } else if (name === 'stsd') {
    for (const each of boxesIn(header, content + 8, end)) cleanDescription(cleaning, each);
  } else if (names !== undefined) {
    const kind = name === 'trak' ? kindOf(header, box) : cleaning.kind;
    const inner = { ...cleaning, kind };
    keepOnly(inner, box, names);
    cleaning.hasMetadata ||= inner.hasMetadata;
  }
};

/** Cleans `moov`, `moof` or `mfra` in place; true: there was something to take out. */
export const cleanHeader = (header: Bytes, box: Box): boolean => {
  const cleaning: Cleaning = { header, kind: '', hasMetadata: false };
  cleanBox(cleaning, box);
  return cleaning.hasMetadata;
};
