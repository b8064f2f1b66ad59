/** Small whole files, made byte by byte, with all that cameras write into them. */
import { joinBytes, u32be } from '../../src/base/bytes.ts';
import { textBytes, type Bytes } from '../../src/media/bytes.ts';

/** In all metadata of these files; no cleaned one may contain it. */
export const secret = 'GPS-48.2082N';

const big16 = (value: number): Bytes => Uint8Array.of(value >> 8, value);
const little16 = (value: number): Bytes => Uint8Array.of(value, value >> 8);

/** A TIFF block with an orientation and a place, as a camera writes it. */
export const exifOf = (orientation: number, order: 'II' | 'MM' = 'MM'): Bytes => {
  const is = order === 'II';
  const two = is ? little16 : big16;
  const four = (value: number): Bytes => (is ? u32be(value).reverse() : u32be(value));
  return joinBytes([
    textBytes(order),
    two(42),
    four(8),
    two(2),
    joinBytes([two(0x0110), two(2), four(secret.length), four(38)]), // the name of the camera
    joinBytes([two(0x0112), two(3), four(1), two(orientation), two(0)]),
    four(0),
    textBytes(secret),
  ]);
};

const segment = (marker: number, content: Uint8Array): Bytes =>
  joinBytes([Uint8Array.of(0xff, marker), big16(content.length + 2), content]);

/** Structure only: no decoder would show it. */
export const jpegWith = (options: {
  readonly width?: number;
  readonly height?: number;
  readonly orientation?: number;
}): Bytes => {
  const { width = 60, height = 40, orientation = 1 } = options;
  return joinBytes([
    Uint8Array.of(0xff, 0xd8),
    segment(0xe0, joinBytes([textBytes('JFIF\0'), Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 0)])),
    segment(0xe1, joinBytes([textBytes('Exif\0\0'), exifOf(orientation)])),
    segment(0xe1, textBytes(`http://ns.adobe.com/xap/1.0/\0${secret}`)),
    segment(0xed, textBytes(`Photoshop 3.0\0${secret}`)),
    segment(0xfe, textBytes(secret)),
    segment(0xe2, textBytes('ICC_PROFILE\0colours')),
    segment(
      0xc0,
      joinBytes([Uint8Array.of(8), big16(height), big16(width), Uint8Array.of(1, 1, 17, 0)]),
    ),
    segment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)),
    Uint8Array.of(1, 2, 0xff, 0, 3, 0xff, 0xd0, 4),
    Uint8Array.of(0xff, 0xd9),
    textBytes(secret), // a second picture behind the end, as some phones append it
  ]);
};

const chunk = (name: string, content: Uint8Array): Bytes =>
  joinBytes([u32be(content.length), textBytes(name), content, u32be(0)]);

export const pngWith = ({ isAnimated = false, width = 60, height = 40 } = {}): Bytes =>
  joinBytes([
    textBytes('\x89PNG\r\n\x1a\n'),
    chunk('IHDR', joinBytes([u32be(width), u32be(height), Uint8Array.of(8, 2, 0, 0, 0)])),
    ...(isAnimated ? [chunk('acTL', joinBytes([u32be(2), u32be(0)]))] : []),
    chunk('tEXt', textBytes(`Comment\0${secret}`)),
    chunk('iTXt', textBytes(`XML:com.adobe.xmp\0${secret}`)),
    chunk('eXIf', exifOf(6)),
    chunk('IDAT', Uint8Array.of(1, 2, 3)),
    chunk('IEND', new Uint8Array()),
  ]);

const riffChunk = (name: string, content: Uint8Array): Bytes => {
  const filled = content.length % 2 === 1 ? [Uint8Array.of(0)] : [];
  const length = u32be(content.length).reverse();
  return joinBytes([textBytes(name), length, content, ...filled]);
};

export const webpWith = ({ isAnimated = false, orientation = 8 } = {}): Bytes => {
  const flags = 0x0c | (isAnimated ? 0x02 : 0);
  const chunks = [
    riffChunk('VP8X', Uint8Array.of(flags, 0, 0, 0, 59, 0, 0, 39, 0, 0)),
    riffChunk(isAnimated ? 'ANMF' : 'VP8L', Uint8Array.of(0x2f, 0, 0, 0, 0)),
    riffChunk('EXIF', exifOf(orientation, 'II')),
    riffChunk('XMP ', textBytes(secret)),
  ];
  const body = joinBytes([textBytes('WEBP'), ...chunks]);
  return joinBytes([textBytes('RIFF'), u32be(body.length).reverse(), body]);
};

const gifFrame = Uint8Array.of(0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0);

/** Really decodes: one black pixel, as often as asked. */
export const gifWith = ({ frames = 1 } = {}): Bytes =>
  joinBytes([
    textBytes('GIF89a'),
    Uint8Array.of(1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255),
    joinBytes([
      Uint8Array.of(0x21, 0xff, 11),
      textBytes('NETSCAPE2.0'),
      Uint8Array.of(3, 1, 0, 0, 0),
    ]),
    joinBytes([Uint8Array.of(0x21, 0xfe, secret.length), textBytes(secret), Uint8Array.of(0)]),
    ...Array.from({ length: frames }, () => gifFrame),
    Uint8Array.of(0x3b),
  ]);

const box = (name: string, ...content: ReadonlyArray<Uint8Array>): Bytes => {
  const inside = joinBytes(content);
  return joinBytes([u32be(inside.length + 8), textBytes(name), inside]);
};

export const avifWith = ({ width = 60, height = 40 } = {}): Bytes =>
  joinBytes([
    box('ftyp', textBytes('avif'), u32be(0)),
    box(
      'meta',
      u32be(0),
      box('iprp', box('ipco', box('ispe', u32be(0), u32be(width), u32be(height)))),
    ),
  ]);

const track = (handler: string, ...more: ReadonlyArray<Bytes>): Bytes =>
  box(
    'trak',
    box('tkhd', u32be(0), u32be(0xd0d0d0d0), u32be(0xd0d0d0d0)),
    box('mdia', box('hdlr', u32be(0), u32be(0), textBytes(handler)), ...more),
    box('udta', textBytes(secret)),
  );

export const movieWith = ({ hasPlaces = false } = {}): Bytes =>
  joinBytes([
    box('ftyp', textBytes('isom'), u32be(0)),
    box('mdat', textBytes('frames of the film')),
    box(
      'moov',
      box('mvhd', u32be(0), u32be(0xd0d0d0d0), u32be(0xd0d0d0d0)),
      track('vide'),
      ...(hasPlaces ? [track('meta')] : []),
      box('udta', box('\xa9xyz', textBytes(secret))),
      box('meta', textBytes(secret)),
    ),
    box('uuid', textBytes(secret)),
  ]);

const table = (rows: ReadonlyArray<ReadonlyArray<number>>): Bytes =>
  joinBytes([u32be(0), u32be(rows.length), ...rows.flat().map(u32be)]);

/** Where its frames are, two in each chunk. */
const tablesOf = (
  description: Bytes,
  frames: ReadonlyArray<{ readonly at: number; readonly sizes: ReadonlyArray<number> }>,
): Bytes => {
  const sizes = frames.flatMap((chunk) => chunk.sizes);
  return box(
    'minf',
    box('dinf', box('dref', u32be(0), u32be(1), box('url ', u32be(1), textBytes(secret)))),
    box(
      'stbl',
      box('stsd', u32be(0), u32be(1), description),
      box('stsc', table([[1, 2, 1]])),
      box('stsz', u32be(0), u32be(0), u32be(sizes.length), ...sizes.map(u32be)),
      box('stco', table(frames.map(({ at }) => [at]))),
      box('priv', textBytes(secret)),
    ),
  );
};

/** As cameras make them: of two pictures and two words of places, with boxes of the maker all over. */
export const cameraMovie = (): { readonly file: Bytes; readonly frames: ReadonlyArray<string> } => {
  const frames = ['first frame of it', 'second frame'];
  const place = `${secret} a`;
  const picture = joinBytes([
    new Uint8Array(12),
    textBytes('MAKR'),
    new Uint8Array(26),
    Uint8Array.of(secret.length),
    textBytes(secret.padEnd(31, '\0')),
    new Uint8Array(4),
  ]);
  const avc1 = box(
    'avc1',
    picture,
    box('avcC', textBytes('codec')),
    box('GpSb', textBytes(secret)),
  );
  const front = [
    box('ftyp', textBytes('isom'), u32be(0)),
    box('free', textBytes(`freeGPS ${secret}`)),
    box('beam', textBytes(secret)),
  ];
  const inside = [...frames, place, place, `between ${secret}`].map(textBytes);
  const dataAt = joinBytes(front).length + 8;
  const placesAt = dataAt + frames.join('').length;
  return {
    frames,
    file: joinBytes([
      ...front,
      box('mdat', ...inside),
      box(
        'moov',
        box('mvhd', u32be(0), u32be(0xd0d0d0d0), u32be(0xd0d0d0d0)),
        track('vide', tablesOf(avc1, [{ at: dataAt, sizes: frames.map(({ length }) => length) }])),
        track(
          'meta',
          tablesOf(box('gpmd', new Uint8Array(8)), [
            { at: placesAt, sizes: [place.length, place.length] },
          ]),
        ),
        box('gps ', textBytes(secret)),
        box('free', textBytes(secret)),
      ),
      box('skip', textBytes(secret)),
    ]),
  };
};

/**
 * As a recorder writes a film while it goes: of pictures and of places, two fragments each, and boxes of
 * its maker in all of them. The first says how large each frame is, the second that all are as usual.
 */
export const fragmentedMovie = () => {
  const told = [
    box('udta', box('\xa9xyz', textBytes(secret))),
    box('meta', textBytes(secret)),
    box('uuid', textBytes(secret)),
  ];
  const trackOf = (id: number, handler: string): Bytes =>
    box(
      'trak',
      box('tkhd', u32be(0), u32be(0xd0d0d0d0), u32be(0xd0d0d0d0), u32be(id)),
      box(
        'mdia',
        box('hdlr', u32be(0), u32be(0), textBytes(handler)),
        box(
          'minf',
          box(
            'stbl',
            box('stsc', table([])),
            box('stsz', u32be(0), u32be(0), u32be(0)),
            box('stco', table([])),
          ),
        ),
      ),
    );
  const usual = (id: number, sizeBytes: number): Bytes =>
    box('trex', ...[0, id, 1, 0, sizeBytes, 0].map(u32be));
  const pictures = ['first frame', 'a second frame', 'usual', 'as it'];
  const place = `${secret} on the way`;
  const front = joinBytes([
    box('ftyp', textBytes('iso5'), u32be(0)),
    box(
      'moov',
      box('mvhd', u32be(0), u32be(0xd0d0d0d0), u32be(0xd0d0d0d0)),
      trackOf(1, 'vide'),
      trackOf(2, 'meta'),
      box('mvex', usual(1, 5), usual(2, place.length), ...told),
    ),
  ]);
  const ofTrack = (id: number, ...rest: ReadonlyArray<Bytes>): Bytes =>
    box('traf', box('tfhd', u32be(0x02_0000), u32be(id)), ...rest, ...told);
  /** `run`: its flags and what follows the place of its data. */
  const fragment = (
    sizes: ReadonlyArray<number> | undefined,
    data: ReadonlyArray<string>,
  ): Bytes => {
    const flags = u32be(sizes === undefined ? 0x1 : 0x201);
    const count = u32be(2);
    const head = (pictureAt: number, placeAt: number): Bytes =>
      box(
        'moof',
        box('mfhd', u32be(0), u32be(1)),
        ofTrack(1, box('trun', flags, count, u32be(pictureAt), ...(sizes ?? []).map(u32be))),
        ofTrack(2, box('trun', u32be(0x1), u32be(1), u32be(placeAt))),
        ...told,
      );
    const dataAt = head(0, 0).length + 8;
    const frames = joinBytes(data.map(textBytes));
    return joinBytes([
      head(dataAt, dataAt + frames.length),
      box('mdat', frames, textBytes(place), textBytes(`between ${secret}`)),
    ]);
  };
  const file = joinBytes([
    front,
    fragment([11, 14], pictures.slice(0, 2)),
    box('emsg', textBytes(secret)),
    fragment(undefined, pictures.slice(2)),
    box('mfra', box('tfra', u32be(0)), ...told, box('mfro', u32be(0))),
  ]);
  return { file, frames: pictures };
};
