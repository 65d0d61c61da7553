/** Where the commits between two versions of an image can be read. */
import { compare, valid } from 'semver';
import { parseImageReference } from '../image/image-reference.js';
import type { LinkVersions } from './images.js';
import type { ImageSource } from './plan-settings.js';

/** Links for images whose rule names a source; the older version comes first, so that a step back shows what is taken back. */
export function imageLinks(rules: readonly ImageSource[]): LinkVersions {
  const sources = new Map(rules.flatMap((rule) => (rule.source === null ? [] : [[rule.image, rule] as const])));
  return (before, after) => {
    const [old, now] = [parseImageReference(before), parseImageReference(after)];
    const rule = now === null || old?.image !== now.image ? undefined : sources.get(now.image);
    const tags = [old?.tag, now?.tag].flatMap((tag) => tag ?? []);
    const [from, to] = olderFirst(tags).map((tag) => gitTag(rule?.tag ?? null, tag));
    if (typeof rule?.source !== 'string' || from === undefined || to === undefined || from === to) return null;
    return compareLink(rule.source, from, to);
  };
}

function olderFirst(tags: readonly string[]): readonly string[] {
  const [one, other] = tags;
  const [first, second] = [valid(one), valid(other)];
  return first !== null && second !== null && compare(first, second) > 0 ? tags.toReversed() : tags;
}

/** `v{version}` gives `v1.5.0` for the image tags `1.5.0` and `v1.5.0`. */
function gitTag(pattern: string | null, imageTag: string): string {
  if (pattern === null) return imageTag;
  const version = /v\{version\}/.test(pattern) ? imageTag.replace(/^v(?=\d)/, '') : imageTag;
  return pattern.replace('{version}', () => version);
}

/** GitLab is known by its host; `{from}` and `{to}` in the source say how any other forge writes it. */
function compareLink(source: string, from: string, to: string): string {
  const [older, newer] = [encodeURIComponent(from), encodeURIComponent(to)];
  if (source.includes('{from}')) return source.replace('{from}', () => older).replace('{to}', () => newer);
  const repository = source.replace(/(\.git)?\/?$/, '');
  const gitlab = /^https:\/\/([\w-]+\.)*gitlab\./.test(repository);
  return `${repository}${gitlab ? '/-' : ''}/compare/${older}...${newer}`;
}
