declare module 'virtual:emoji-data' {
  /** By group: the emoji, its name, its codes, its tags, and whether it has colours of skin. */
  const data: ReadonlyArray<ReadonlyArray<readonly [string, string, string, string, number]>>;
  export default data;
}

declare module 'virtual:emoji-names/*' {
  /** The emoji, its name, its tags. */
  const names: ReadonlyArray<readonly [string, string, string]>;
  export default names;
}
