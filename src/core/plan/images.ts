/** Container images inside resources, and what became of them. */
import { isRecord } from './canonical.js';
import { parseImageReference, type ImageReference } from '../image/image-reference.js';

/** An image as one container of one resource names it. */
export interface ContainerImage {
  /** `Deployment/api/api`: kind, resource name, container name. */
  readonly place: string;
  readonly image: string;
}

/** One image that came, went or changed, wherever it did so in the same way. */
export interface ImageChange {
  /** `Kind/name/container` of each. */
  readonly places: readonly string[];
  readonly before: string | null;
  readonly after: string | null;
  /** Where the commits between the two versions can be read, if the configuration names the source. */
  readonly link: string | null;
}

/** Where the commits between two references of an image can be read, or null. */
export type LinkVersions = (before: string, after: string) => string | null;

const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'];

/** Every container image of a resource, wherever its pod template is. `owner` is `Kind/name`. */
export function containerImages(resource: unknown, owner: string): readonly ContainerImage[] {
  const found: ContainerImage[] = [];
  visit(resource, (record) => {
    for (const list of CONTAINER_LISTS) {
      asArray(record[list]).forEach((container, index) => {
        if (!isRecord(container) || typeof container['image'] !== 'string') return;
        const name = typeof container['name'] === 'string' ? container['name'] : String(index);
        found.push({ place: `${owner}/${name}`, image: container['image'] });
      });
    }
  });
  return found;
}

/** The resource with every container's image left without tag and digest, so that what else differs shows: another image is more than a version. */
export function withoutVersions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutVersions);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const containers = CONTAINER_LISTS.includes(key) && Array.isArray(inner);
      return [key, containers ? inner.map(containerWithoutVersion) : withoutVersions(inner)];
    }),
  );
}

function containerWithoutVersion(container: unknown): unknown {
  const rest = withoutVersions(container);
  if (!isRecord(rest) || typeof rest['image'] !== 'string') return rest;
  return { ...rest, image: parseImageReference(rest['image'])?.image ?? rest['image'] };
}

/**
 * What differs between two lists of images, by place; of several at one place the first is compared with the first. The same change in
 * several containers is one.
 */
export function imageChanges(
  before: readonly ContainerImage[],
  after: readonly ContainerImage[],
  linkOf: LinkVersions,
): readonly ImageChange[] {
  const [old, now] = [byPlace(before), byPlace(after)];
  const grouped = new Map<string, { readonly pair: ImagePair; readonly places: string[] }>();
  for (const place of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    for (const pair of pairsOf(old.get(place) ?? [], now.get(place) ?? [])) {
      const key = JSON.stringify([pair.before, pair.after]);
      const group = grouped.get(key);
      if (group === undefined) grouped.set(key, { pair, places: [place] });
      else if (group.places.at(-1) !== place) group.places.push(place);
    }
  }
  return [...grouped.values()].map(({ pair, places }) => {
    const link = pair.before === null || pair.after === null ? null : linkOf(pair.before, pair.after);
    return { places, ...pair, link };
  });
}

type ImagePair = Pick<ImageChange, 'before' | 'after'>;

function pairsOf(gone: readonly string[], come: readonly string[]): readonly ImagePair[] {
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, index) => ({
    before: gone[index] ?? null,
    after: come[index] ?? null,
  })).filter((pair) => pair.before !== pair.after);
}

function byPlace(images: readonly ContainerImage[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { place, image } of images) {
    const there = found.get(place);
    if (there === undefined) found.set(place, [image]);
    else there.push(image);
  }
  return found;
}

/** Images that a version for people names, at most. */
const NAMED_IMAGES = 3;

/** A target's version for people: `1.4.2` where every image has that tag, else `api 1.4.2, proxy 2.0`; null where there is no image. */
export function versionOf(images: readonly ContainerImage[]): string | null {
  const references = images.flatMap(({ image }) => parseImageReference(image) ?? []);
  const named = new Map(
    references.map((each) => [`${lastPart(each.image)} ${shownVersion(each)}`, shownVersion(each)]),
  );
  const [first] = named.values();
  if (first === undefined) return null;
  if (new Set(named.values()).size === 1) return first;
  const more = named.size > NAMED_IMAGES ? ` and ${named.size - NAMED_IMAGES} more` : '';
  return `${[...named.keys()].slice(0, NAMED_IMAGES).join(', ')}${more}`;
}

/** Enough of a digest to tell two apart: `sha256:` and 12 digits. */
const DIGEST_SHOWN = 19;

export function shownVersion({ tag, digest }: ImageReference): string {
  return tag ?? digest?.slice(0, DIGEST_SHOWN) ?? 'latest';
}

/** `api` of `ghcr.io/acme/api` */
export function lastPart(image: string): string {
  return image.slice(image.lastIndexOf('/') + 1);
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
