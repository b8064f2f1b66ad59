/** Colours for code, as data: lowlight gives a tree of words, never HTML. Imported only for code. */
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';

export type CodeNode =
  | { readonly text: string }
  | { readonly look: Look | undefined; readonly children: ReadonlyArray<CodeNode> };

type Look = 'keyword' | 'string' | 'number' | 'title' | 'comment';

const lowlight = createLowlight({
  ...{ bash, c, css, diff, go, java, javascript, json, python, rust, sql, typescript, xml, yaml },
});

/** The names of highlight.js that look alike here. */
const lookOf: Readonly<Record<string, Look>> = {
  'hljs-keyword': 'keyword',
  'hljs-built_in': 'keyword',
  'hljs-literal': 'number',
  'hljs-type': 'title',
  'hljs-name': 'keyword',
  'hljs-selector-tag': 'keyword',
  'hljs-string': 'string',
  'hljs-regexp': 'string',
  'hljs-addition': 'string',
  'hljs-number': 'number',
  'hljs-symbol': 'number',
  'hljs-deletion': 'number',
  'hljs-title': 'title',
  'hljs-attr': 'title',
  'hljs-attribute': 'title',
  'hljs-section': 'title',
  'hljs-meta': 'comment',
  'hljs-comment': 'comment',
};

const codeUnitsMax = 8 * 1024;

type Root = ReturnType<typeof lowlight.highlight>;
type Child = Root['children'][number];

const nodeOf = (child: Child): ReadonlyArray<CodeNode> => {
  if (child.type === 'text') return [{ text: child.value }];
  if (child.type !== 'element') return [];
  const names = child.properties['className'];
  const name = Array.isArray(names) ? names.map(String).find((one) => one in lookOf) : undefined;
  const look = name === undefined ? undefined : lookOf[name];
  return [{ look, children: child.children.flatMap(nodeOf) }];
};

/** Of an unknown language, or a very long text, the text alone. */
export const highlight = (text: string, language: string): ReadonlyArray<CodeNode> => {
  const name = language.trim().toLowerCase();
  return text.length <= codeUnitsMax && lowlight.registered(name)
    ? lowlight.highlight(name, text).children.flatMap(nodeOf)
    : [{ text }];
};
