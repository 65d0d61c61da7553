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
  const [old, now] = [referenceOf(before), referenceOf(after)];
  const [from, to] = versionsOf(old, now);
  if (old !== null && now !== null && old.image !== now.image)
    return replaced(`${old.image} ${from}`, `${now.image} ${to}`);
  return { kind: 'version', image: lastPart((now ?? old)?.image ?? ''), before: from, after: to };
}

/** By another image: from another registry, the last part of its name says nothing. */
function replaced(before: string, after: string): VersionHighlight {
  const [old, now] = [before, after].map((image) => lastPart(image));
  const named = (image: string) => image.slice(0, image.indexOf(' '));
  const told = named(old ?? '') === named(now ?? '') ? { before, after } : { before: old ?? '', after: now ?? '' };
  return { kind: 'version', image: null, ...told };
}

/** A text that is no reference names itself. */
function referenceOf(text: string | null): ImageReference | null {
  return text === null ? null : (parseImageReference(text) ?? { image: text, tag: null, digest: null });
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
