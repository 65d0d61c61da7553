/** Container images inside resources, and what became of them. */
import { isRecord } from './canonical.js';
import { parseImageReference } from '../image/image-reference.js';

/** An image as one container of one resource names it. */
export interface ContainerImage {
  /** `Deployment/api/api`: kind, resource name, container name. */
  readonly place: string;
  readonly image: string;
}

export interface ImageChange {
  readonly place: string;
  readonly before: string | null;
  readonly after: string | null;
}

const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'];

/** Every container image of a resource, wherever its pod template is. `owner` is `Kind/name`. */
export function containerImages(resource: unknown, owner: string): readonly ContainerImage[] {
  const found: ContainerImage[] = [];
  visit(resource, (record) => {
    for (const list of CONTAINER_LISTS) {
      for (const container of asArray(record[list])) {
        if (!isRecord(container) || typeof container['image'] !== 'string') continue;
        const name = typeof container['name'] === 'string' ? container['name'] : String(found.length);
        found.push({ place: `${owner}/${name}`, image: container['image'] });
      }
    }
  });
  return found;
}

/** The resource with every container's image emptied, so that what else differs shows. */
export function withoutImages(value: unknown, inContainers: 'inside' | 'outside' = 'outside'): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutImages(item, inContainers));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (inContainers === 'inside' && key === 'image' && typeof inner === 'string') return [key, ''];
      return [key, withoutImages(inner, CONTAINER_LISTS.includes(key) ? 'inside' : 'outside')];
    }),
  );
}

/** What differs between two lists of images, by place. */
export function imageChanges(
  before: readonly ContainerImage[],
  after: readonly ContainerImage[],
): readonly ImageChange[] {
  const old = new Map(before.map((each) => [each.place, each.image]));
  const now = new Map(after.map((each) => [each.place, each.image]));
  const places = [...new Set([...old.keys(), ...now.keys()])].sort();
  return places
    .map((place) => ({ place, before: old.get(place) ?? null, after: now.get(place) ?? null }))
    .filter((change) => change.before !== change.after);
}

/** A target's version for people: the tags its images have, most frequent spelling `1.4.2`, or `api 1.4.2, proxy 2.0` where they differ. */
export function versionOf(images: readonly ContainerImage[]): string | null {
  const tags = new Map<string, string>();
  for (const { image } of images) {
    const reference = parseImageReference(image);
    if (reference === null) continue;
    const shown = reference.tag ?? reference.digest?.slice(0, 19) ?? 'latest';
    tags.set(reference.image, shown);
  }
  const distinct = [...new Set(tags.values())];
  if (distinct.length === 0) return null;
  if (distinct.length === 1) return distinct[0] ?? null;
  return [...tags].map(([image, tag]) => `${image.slice(image.lastIndexOf('/') + 1)} ${tag}`).join(', ');
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function visit(value: unknown, see: (record: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, see);
  if (!isRecord(value)) return;
  see(value);
  for (const inner of Object.values(value)) visit(inner, see);
}
