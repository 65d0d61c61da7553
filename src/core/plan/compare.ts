/** Two renderings of one target, compared resource by resource. */
import { structuredPatch } from 'diff';
import { createHash } from 'node:crypto';
import type { TargetName } from '../ids.js';
import { imageChanges, versionOf } from './images.js';
import { resourceIdentity, type Resource } from './manifests.js';
import type { ResourceChange, TargetPlan } from './plan.js';

export interface TargetRendering {
  readonly target: TargetName;
  readonly directory: string;
  readonly renderer: string;
  readonly before: readonly Resource[];
  readonly after: readonly Resource[];
}

/** The plan of one target and whether only images differ in it. */
export function compareTarget(rendering: TargetRendering): {
  readonly plan: TargetPlan;
  readonly changes: 'none' | 'image-only' | 'other';
} {
  const before = byIdentity(rendering.before);
  const after = byIdentity(rendering.after);
  const identities = [...new Set([...before.keys(), ...after.keys()])].sort();
  const resources: ResourceChange[] = [];
  let changes: 'none' | 'image-only' | 'other' = 'none';
  for (const identity of identities) {
    const change = compareResource(before.get(identity) ?? null, after.get(identity) ?? null);
    if (change === null) continue;
    resources.push(change.resource);
    if (changes !== 'other') changes = change.extent;
  }
  const imagesBefore = rendering.before.flatMap((resource) => resource.images);
  const imagesAfter = rendering.after.flatMap((resource) => resource.images);
  const plan: TargetPlan = {
    target: rendering.target,
    directory: rendering.directory,
    renderer: rendering.renderer,
    digestBefore: renderingDigest(rendering.before),
    digestAfter: renderingDigest(rendering.after),
    versionBefore: versionOf(imagesBefore),
    versionAfter: versionOf(imagesAfter),
    resources,
    images: imageChanges(imagesBefore, imagesAfter, () => null),
    highlights: [],
    cost: null,
  };
  return { plan, changes };
}

/** Later duplicates of an identity are kept apart, so that none hides another. */
function byIdentity(resources: readonly Resource[]): Map<string, Resource> {
  const map = new Map<string, Resource>();
  for (const resource of resources) {
    const identity = resourceIdentity(resource);
    let key = identity;
    for (let copy = 2; map.has(key); copy += 1) key = `${identity}#${copy}`;
    map.set(key, resource);
  }
  return map;
}

function compareResource(before: Resource | null, after: Resource | null): ComparedResource | null {
  const shown = after ?? before;
  if (shown === null || before?.text === after?.text) return null;
  const { apiVersion, kind, namespace, name } = shown;
  const diff = unifiedDiff(before?.text ?? '', after?.text ?? '');
  return {
    resource: {
      apiVersion,
      kind,
      namespace,
      name,
      change: changeOf(before, after),
      previousName: null,
      fields: [],
      reordered: [],
      diff,
    },
    extent: extentOf(before, after),
  };
}

interface ComparedResource {
  readonly resource: ResourceChange;
  readonly extent: 'image-only' | 'other';
}

function changeOf(before: Resource | null, after: Resource | null): ResourceChange['change'] {
  if (before === null) return 'added';
  return after === null ? 'removed' : 'changed';
}

function extentOf(before: Resource | null, after: Resource | null): 'image-only' | 'other' {
  return before !== null && after !== null && before.textWithoutVersions === after.textWithoutVersions
    ? 'image-only'
    : 'other';
}

/** Edits beyond which lines are not matched any more but shown as one removal and one addition: at 100,000 lines this takes under a second, and four times the edits ten times as long. */
const MAX_EDITS = 1000;

function unifiedDiff(before: string, after: string): string {
  const patch = structuredPatch('', '', before, after, '', '', { context: 3, maxEditLength: MAX_EDITS });
  if (patch === undefined) return wholeReplacement(before, after);
  return patch.hunks
    .map((hunk) => {
      const header = `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`;
      return [header, ...hunk.lines.filter((line) => !line.startsWith('\\'))].join('\n');
    })
    .join('\n');
}

function wholeReplacement(before: string, after: string): string {
  const lines = (text: string, sign: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => `${sign}${line}`);
  return [...lines(before, '-'), ...lines(after, '+')].join('\n');
}

function renderingDigest(resources: readonly Resource[]): string {
  const hash = createHash('sha256');
  for (const resource of [...resources].sort(byIdentityThenText))
    hash.update(`${resourceIdentity(resource)}\n${resource.text}\0`);
  return hash.digest('hex');
}

function byIdentityThenText(a: Resource, b: Resource): number {
  return compareStrings(resourceIdentity(a), resourceIdentity(b)) || compareStrings(a.text, b.text);
}

function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
