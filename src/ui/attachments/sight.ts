type Tell = (isInSight: boolean) => void;

/** Of one page. An observer costs something in every frame, hundreds of them most of it: so there is one. */
class Sight {
  readonly #tellBy = new Map<Element, Tell>();
  readonly #observer = new IntersectionObserver(
    (entries) => {
      // Of several for one element the last holds.
      const isInSight = new Map(entries.map((one) => [one.target, one.isIntersecting]));
      for (const [element, is] of isInSight) this.#tellBy.get(element)?.(is);
    },
    { rootMargin: '50%', scrollMargin: '50%' },
  );

  watch(element: Element, tell: Tell): () => void {
    this.#tellBy.set(element, tell);
    this.#observer.observe(element);
    return () => {
      this.#tellBy.delete(element);
      this.#observer.unobserve(element);
    };
  }
}

const sightOf = new WeakMap<Document, Sight>();

/** Tells whether it is in sight or nearly, now and whenever that changes. Answers how to stop. */
export const watchSight = (element: Element, tell: Tell): (() => void) => {
  const page = element.ownerDocument;
  const sight = sightOf.get(page) ?? new Sight();
  sightOf.set(page, sight);
  return sight.watch(element, tell);
};
