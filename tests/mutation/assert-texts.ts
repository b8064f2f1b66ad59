/** For Stryker: what an assertion says is for who reads a crash; no test need notice a change of it. */
interface NodePath {
  readonly parent?: { readonly type: string; readonly callee?: { readonly name?: string } };
  isStringLiteral(): boolean;
}

const isAssertText = (path: NodePath): boolean =>
  path.isStringLiteral() &&
  path.parent?.type === 'CallExpression' &&
  path.parent.callee?.name === 'assert';

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'assert-texts',
    value: {
      shouldIgnore: (path: NodePath): string | undefined =>
        isAssertText(path) ? 'the text of an assertion' : undefined,
    },
  },
];
