declare const brand: unique symbol;

/** Makes two values of one shape two types, so that the wrong key does not compile. */
export interface Brand<Name extends string> {
  readonly [brand]: Name;
}
