/**
 * From what somebody wrote to what is shown, as data: marked's lexer reads, nothing of HTML is ever
 * made. Only what is listed here has a meaning; everything else stays the characters it is.
 */
import { Marked, type Token, type Tokens } from 'marked';
import { viewLink, type LinkView } from '../../app/links.ts';

export type Inline =
  | { readonly type: 'text' | 'code'; readonly text: string }
  | { readonly type: 'break' }
  | {
      readonly type: 'strong' | 'em' | 'del';
      readonly children: ReadonlyArray<Inline>;
    }
  | { readonly type: 'link'; readonly link: LinkView };

export type Block =
  | { readonly type: 'paragraph'; readonly children: ReadonlyArray<Inline> }
  | { readonly type: 'code'; readonly text: string; readonly language: string }
  | { readonly type: 'quote'; readonly children: ReadonlyArray<Block> }
  | {
      readonly type: 'list';
      readonly start: number | undefined;
      readonly items: ReadonlyArray<ReadonlyArray<Block>>;
    };

const depthMax = 8;
const nodesMax = 4000;

const nothing = (): undefined => undefined;

/** Headings, tables, rules, HTML and named links are no markup in a message. */
const marked = new Marked({
  gfm: true,
  breaks: true,
  tokenizer: {
    heading: nothing,
    lheading: nothing,
    hr: nothing,
    html: nothing,
    tag: nothing,
    table: nothing,
    def: nothing,
    code: nothing, // Four spaces mean four spaces; fences are another tokenizer.
  },
});

class TooMuch extends Error {}

class Reader {
  #nodes = 0;

  blocks(tokens: ReadonlyArray<Token>, depth: number): ReadonlyArray<Block> {
    this.#count(depth);
    return tokens.flatMap((token) => this.#block(token, depth));
  }

  #block(token: Token, depth: number): ReadonlyArray<Block> {
    switch (token.type) {
      case 'space':
        return [];
      case 'code':
        return [{ type: 'code', text: str(token, 'text'), language: str(token, 'lang') }];
      case 'blockquote':
        return [{ type: 'quote', children: this.blocks(token.tokens ?? [], depth + 1) }];
      case 'list':
        return [this.#list(token as Tokens.List, depth)];
      default: {
        const parts = 'tokens' in token ? token.tokens : undefined;
        return [{ type: 'paragraph', children: this.#inlines(parts ?? [token], depth) }];
      }
    }
  }

  #list(token: Tokens.List, depth: number): Block {
    return {
      type: 'list',
      start: token.ordered ? Number(token.start) : undefined,
      items: token.items.map((item) => this.blocks(item.tokens, depth + 1)),
    };
  }

  #inlines(tokens: ReadonlyArray<Token>, depth: number): ReadonlyArray<Inline> {
    this.#count(depth);
    return tokens.map((token) => this.#inline(token, depth));
  }

  #inline(token: Token, depth: number): Inline {
    this.#count(depth);
    switch (token.type) {
      case 'strong':
      case 'em':
      case 'del':
        return { type: token.type, children: this.#inlines(token.tokens ?? [], depth + 1) };
      case 'codespan':
        return { type: 'code', text: str(token, 'text') };
      case 'br':
        return { type: 'break' };
      case 'escape':
      case 'text':
        return { type: 'text', text: str(token, 'text') };
      case 'link': {
        const link = viewLink(str(token, 'href'), str(token, 'text'));
        return link === undefined ? { type: 'text', text: token.raw } : { type: 'link', link };
      }
      default:
        return { type: 'text', text: token.raw };
    }
  }

  #count(depth: number): void {
    this.#nodes += 1;
    if (depth > depthMax || this.#nodes > nodesMax) throw new TooMuch();
  }
}

const str = (token: Token, name: string): string => {
  const value: unknown = Reflect.get(token, name);
  return typeof value === 'string' ? value : '';
};

/** Undefined: too deep or too much of it; the text is shown as it is. */
export const parseMarkdown = (text: string): ReadonlyArray<Block> | undefined => {
  try {
    return new Reader().blocks(marked.lexer(text), 0);
  } catch {
    return undefined; // TooMuch of ours, or a lexer that gave up on what a stranger made up.
  }
};
