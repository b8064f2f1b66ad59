/** Puts the mentions of a message into its parsed text. Pure. */
import type { MentionPiece } from '../../app/mentions.ts';
import type { Block, Inline } from './markdown.ts';

type Leaf = Exclude<Inline, { readonly children: unknown }>;
export type ShownInline =
  | Leaf
  | Extract<MentionPiece, { type: 'mention' }>
  | { readonly type: 'strong' | 'em' | 'del'; readonly children: ReadonlyArray<ShownInline> };

export type ShownBlock =
  | { readonly type: 'paragraph'; readonly children: ReadonlyArray<ShownInline> }
  | Extract<Block, { type: 'code' }>
  | { readonly type: 'quote'; readonly children: ReadonlyArray<ShownBlock> }
  | {
      readonly type: 'list';
      readonly start: number | undefined;
      readonly items: ReadonlyArray<ReadonlyArray<ShownBlock>>;
    };

type Split = (text: string) => ReadonlyArray<MentionPiece>;

const inlines = (nodes: ReadonlyArray<Inline>, split: Split): ReadonlyArray<ShownInline> =>
  nodes.flatMap((node): ReadonlyArray<ShownInline> => {
    if (node.type === 'text') return split(node.text);
    if (node.type === 'code') split(node.text); // A name in code is its nth place, too.
    return 'children' in node ? [{ ...node, children: inlines(node.children, split) }] : [node];
  });

/** In the order in which they stand, so that the nth place of a name is the nth mention of it. */
export const withMentions = (
  blocks: ReadonlyArray<Block>,
  split: Split,
): ReadonlyArray<ShownBlock> =>
  blocks.map((block): ShownBlock => {
    switch (block.type) {
      case 'paragraph':
        return { ...block, children: inlines(block.children, split) };
      case 'code':
        split(block.text);
        return block;
      case 'quote':
        return { ...block, children: withMentions(block.children, split) };
      case 'list':
        return { ...block, items: block.items.map((item) => withMentions(item, split)) };
    }
  });
