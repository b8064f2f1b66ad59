import type { Attachment } from 'svelte/attachments';

/**
 * Says when an element comes into sight of the scrolling log around it, and when it leaves. `margin`
 * counts as in sight already.
 */
export const sighting =
  (margin: string, onChange: (isInSight: boolean) => void): Attachment =>
  (element) => {
    const observer = new IntersectionObserver(
      (entries) => {
        const last = entries.at(-1);
        if (last !== undefined) onChange(last.isIntersecting);
      },
      { root: element.closest('[role=log]'), rootMargin: `${margin} 0px ${margin} 0px` },
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  };
