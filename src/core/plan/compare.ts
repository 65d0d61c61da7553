/** Two renderings of one target, compared resource by resource. */
import { createHash } from 'node:crypto';
import type { TargetName } from '../ids.js';
import type { PlanSettings } from './plan-settings.js';
import { targetCost } from './cost/target-cost.js';
import { findWarnings } from './danger/find-warnings.js';
import { hiddenParts } from './hidden-parts.js';
import { imageChanges, versionOf, type ContainerImage } from './images.js';
import { imageLinks } from './image-links.js';
import { resourceIdentity, type Resource } from './manifests.js';
import type { ChangeExtent, HiddenPart, PlanWarning, TargetPlan } from './plan.js';
import { compareResource, type ComparedResource } from './semantic/compare-resource.js';
import { EqualValues } from './semantic/equal-values.js';
import { highlightsOf } from './semantic/highlights.js';
import { matchResources, type ResourcePair } from './semantic/match-resources.js';

export interface TargetRendering {
  readonly target: TargetName;
  readonly directory: string;
  readonly renderer: string;
  readonly before: readonly Resource[];
  readonly after: readonly Resource[];
}

export interface ComparedTarget {
  readonly plan: TargetPlan;
  readonly changes: 'none' | ChangeExtent;
  readonly warnings: readonly PlanWarning[];
  readonly hidden: readonly HiddenPart[];
}

/** The plan of one target, of what sort its changes are, and what is to be said first and last of it. */
export function compareTarget(rendering: TargetRendering, settings: PlanSettings): ComparedTarget {
  const values = new EqualValues();
  const pairs = matchResources(rendering.before, rendering.after);
  const declared = declarations(rendering.after);
  const compared = pairs
    .flatMap((pair) => compareResource(pair, values) ?? [])
    .map((each) => withTwins(each, declared));
  const versions = {
    versionBefore: versionOf(rendering.before.flatMap(({ images }) => images)),
    versionAfter: versionOf(rendering.after.flatMap(({ images }) => images)),
  };
  const images = imagesOf(pairs, settings);
  const plan: TargetPlan = {
    target: rendering.target,
    directory: rendering.directory,
    renderer: rendering.renderer,
    digestBefore: renderingDigest(rendering.before),
    digestAfter: renderingDigest(rendering.after),
    ...versions,
    resources: compared.map(({ change }) => change),
    images,
    highlights: highlightsOf(compared, { ...versions, images }),
    cost: targetCost(rendering, settings.prices),
  };
  return {
    plan,
    changes: extentOf(compared),
    warnings: findWarnings(rendering.target, compared),
    hidden: hiddenParts(rendering.target, compared),
  };
}

/** By identity, where each resource is declared. */
function declarations(resources: readonly Resource[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const resource of resources) {
    const key = resourceIdentity(resource);
    const there = found.get(key);
    if (there === undefined) found.set(key, [resource.source]);
    else there.push(resource.source);
  }
  return found;
}

/** Of a document that went while another still declares the same, that one is told. */
function withTwins(compared: ComparedResource, declared: ReadonlyMap<string, readonly string[]>): ComparedResource {
  const { pair, change } = compared;
  const sources = declared.get(resourceIdentity(pair.after ?? pair.before)) ?? [];
  const least = pair.kind === 'removed' ? 1 : 2;
  return sources.length < least ? compared : { ...compared, change: { ...change, declared: sources } };
}

function extentOf(compared: readonly ComparedResource[]): ComparedTarget['changes'] {
  const [extent, ...others] = new Set(compared.map((each) => each.extent));
  return others.length > 0 ? 'other' : (extent ?? 'none');
}

/** A renamed resource's containers stand where they stood. */
function imagesOf(pairs: readonly ResourcePair[], settings: PlanSettings): TargetPlan['images'] {
  const before = pairs.flatMap((pair): readonly ContainerImage[] => {
    if (pair.kind !== 'renamed') return pair.before?.images ?? [];
    const [old, now] = [pair.before, pair.after].map(({ kind, name }) => `${kind}/${name}/`);
    return pair.before.images.map(({ place, image }) => ({ place: `${now}${place.slice(old?.length)}`, image }));
  });
  const after = pairs.flatMap((pair) => pair.after?.images ?? []);
  return imageChanges(before, after, imageLinks(settings.images));
}

function renderingDigest(resources: readonly Resource[]): string {
  const hash = createHash('sha256');
  const keyed = resources.map((resource) => ({ identity: resourceIdentity(resource), text: resource.text }));
  for (const { identity, text } of keyed.sort(byIdentityThenText)) hash.update(`${identity}\n${text}\0`);
  return hash.digest('hex');
}

interface KeyedText {
  readonly identity: string;
  readonly text: string;
}

function byIdentityThenText(a: KeyedText, b: KeyedText): number {
  return compareStrings(a.identity, b.identity) || compareStrings(a.text, b.text);
}

function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
