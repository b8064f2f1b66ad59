/** Markup as data. */
import { describe, expect, test } from 'vitest';
import { createMentionSplitter } from '../../../src/app/mentions.ts';
import { hasMarkup } from '../../../src/ui/text/has-markup.ts';
import { highlight } from '../../../src/ui/text/highlight.ts';
import { parseMarkdown } from '../../../src/ui/text/markdown.ts';
import { withMentions } from '../../../src/ui/text/with-mentions.ts';

/** All characters that would be shown, and the kinds of what they stand in. */
const flat = (node: unknown): string => {
  if (Array.isArray(node)) return node.map(flat).join('');
  if (typeof node !== 'object' || node === null) return '';
  const { type, text, children, items, link } = node as Record<string, unknown>;
  if (type === 'text' && typeof text === 'string') return text;
  if (type === 'break') return '|';
  if (type === 'link') return `link(${(link as { text: string }).text})`;
  const kind = String(type);
  return typeof text === 'string' ? `${kind}(${text})` : `${kind}(${flat(children ?? items)})`;
};

const shown = (text: string): string => flat(parseMarkdown(text));

describe('markup', () => {
  test('[MG10] what is listed has its meaning', () => {
    expect(shown('a **b** *c* ~~d~~ `e`')).toBe('paragraph(a strong(b) em(c) del(d) code(e))');
    expect(shown('one\ntwo')).toBe('paragraph(one|two)');
    expect(shown('> q')).toBe('quote(paragraph(q))');
    expect(shown('- a\n- b')).toBe('list(paragraph(a)paragraph(b))');
    expect(shown('```js\nlet a;\n```')).toBe('code(let a;)');
  });

  test('[MG10] HTML, headings, tables, rules, pictures and named links stay characters', () => {
    const same = [
      '<b>x</b>',
      '<script>alert(1)</script>',
      '# head',
      '![p](https://example.org/p.png)',
      '[a]: https://example.org',
      '&lt;&amp;',
    ];
    for (const text of same) {
      const plain = shown(text);
      expect(plain.replaceAll(/link\(([^)]*)\)/gu, '$1')).toBe(`paragraph(${text})`);
    }
    expect(shown('[x](javascript:alert(1))')).toBe('paragraph([x](javascript:alert(1)))');
  });

  test('[MG10] too deep, too much and too long are shown plainly', () => {
    expect(parseMarkdown('> '.repeat(40) + 'deep')).toBeUndefined();
    expect(parseMarkdown('*a* '.repeat(4000))).toBeUndefined();
    expect(hasMarkup(`**${'x'.repeat(20_000)}**`)).toBe(false);
  });

  test('[MG10] a text without markup never meets the parser', () => {
    for (const text of ['see you at 10:30', 'a - b', 'Tomás & Ola', '3 > 2', 'why?!', '#garden']) {
      expect(hasMarkup(text)).toBe(false);
    }
    for (const text of ['*x*', '- a', '1. a', '> q', 'https://x.example', 'a@b.example', '`c`']) {
      expect(hasMarkup(text)).toBe(true);
    }
  });

  test('[MG9] names in code are their nth place and are not shown as names', () => {
    const [first, second] = ['1', '2'].map((personId) => ({ name: 'Ana', personId }));
    if (first === undefined || second === undefined) throw new Error('two people');
    const blocks = parseMarkdown('`@Ana` **@Ana**') ?? [];
    const found = JSON.stringify(withMentions(blocks, createMentionSplitter([first, second])));
    expect(found).toContain('"personId":"2"');
    expect(found).not.toContain('"personId":"1"');
  });

  test('[MG10] code has colours in known languages and stays text in others', () => {
    expect(JSON.stringify(highlight('let a = 1;', 'js'))).toContain('"look":"keyword"');
    expect(highlight('let a', 'klingon')).toEqual([{ text: 'let a' }]);
    expect(highlight('x'.repeat(10_000), 'js')).toHaveLength(1);
  });
});
