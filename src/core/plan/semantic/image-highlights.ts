/**
 * What became of a target's images, as a summary of one line tells it: `1.4.2 → 1.5.0` where that is said of them all, else each by name.
 *
 * Example: `postgres:16` stays and `ghcr.io/acme/api` moves from 1.0.0 to 1.1.0: `api 1.0.0 → 1.1.0`. A container with `redis:7` comes:
 * `redis 7`, from nothing.
 */
import { parseImageReference, type ImageReference } from '../../image/image-reference.js';
import { lastPart, shownVersion, type ImageChange } from '../images.js';
import type { Highlight, TargetPlan } from '../plan.js';

type VersionHighlight = Extract<Highlight, { kind: 'version' }>;

export function imageHighlights(
  images: readonly ImageChange[],
  { versionBefore, versionAfter }: Pick<TargetPlan, 'versionBefore' | 'versionAfter'>,
): readonly VersionHighlight[] {
  const steps = new Map(images.map(stepOf).map((step) => [JSON.stringify(step), step]));
  const [only, ...others] = new Map(
    [...steps.values()].map(({ before, after }) => [JSON.stringify([before, after]), { before, after }]),
  ).values();
  const forAll = only?.before === versionBefore && only.after === versionAfter;
  if (only !== undefined && others.length === 0 && forAll) return [{ kind: 'version', image: null, ...only }];
  return [...steps.values()];
}

function stepOf({ before, after }: ImageChange): VersionHighlight {
  const [old, now] = [nameOf(before), nameOf(after)];
  if (old === null || now === null || old.image === now.image) {
    const image = now?.image ?? old?.image ?? '';
    const [from, to] = versionsOf(old?.reference ?? null, now?.reference ?? null);
    return { kind: 'version', image: lastPart(image), before: from, after: to };
  }
  const [from, to] = versionsOf(old.reference, now.reference);
  // From another registry, the last part says nothing.
  const say = lastPart(old.image) === lastPart(now.image) ? (image: string) => image : lastPart;
  return {
    kind: 'version',
    image: null,
    before: `${say(old.image)} ${from ?? ''}`,
    after: `${say(now.image)} ${to ?? ''}`,
  };
}

/** A text that is no reference names itself. */
function nameOf(text: string | null): { readonly image: string; readonly reference: ImageReference } | null {
  if (text === null) return null;
  const reference = parseImageReference(text) ?? { image: text, tag: null, digest: null };
  return { image: reference.image, reference };
}

/** Of one tag, the digests tell. */
function versionsOf(
  old: ImageReference | null,
  now: ImageReference | null,
): readonly [before: string | null, after: string | null] {
  const pinned = old !== null && now !== null && old.tag === now.tag && old.digest !== now.digest;
  const [from, to] = [old, now].map((each) =>
    each === null ? null : shownVersion(pinned && each.digest !== null ? { ...each, tag: null } : each),
  );
  return [from ?? null, to ?? null];
}
