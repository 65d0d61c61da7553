/**
 * What a Terraform plan says will be there, as manifests: one for each planned resource and output, sensitive values masked.
 *
 * The input is what `terraform show -json` prints. Values are sensitive where `sensitive_values` of the planned resource or
 * `after_sensitive` of its change mark them so; variables, prior state and configuration are never taken over.
 * https://developer.hashicorp.com/terraform/internals/json-format
 */
import { canonicalYaml, isRecord } from '../canonical.js';
import type { Fingerprint } from '../mask.js';

interface TerraformManifest {
  readonly apiVersion: 'terraform';
  /** The resource's type, or `output`. */
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly values: unknown;
}

interface PlannedState {
  readonly manifests: readonly TerraformManifest[];
  /** Resources that the plan deletes or replaces. */
  readonly notes: readonly string[];
}

/** Modules in modules beyond this are refused; what stands deeper in values is masked whole. */
const DEEPEST = 100;

/** Null for what is no plan. */
export function planResources(plan: unknown, fingerprint: Fingerprint): PlannedState | null {
  if (!isRecord(plan) || typeof plan['format_version'] !== 'string' || !isRecord(plan['planned_values'])) return null;
  const changes = changesOf(plan['resource_changes']);
  const { root_module: root, outputs } = plan['planned_values'];
  const resources = modulesBelow(root).flatMap((module) => list(module['resources']));
  const manifests = [
    ...resources.flatMap((resource) => resourceManifest(resource, changes, fingerprint)),
    ...outputManifests(outputs, fingerprint),
  ];
  return { manifests, notes: [...changes].flatMap(([address, change]) => endingNote(address, change)) };
}

type Change = Readonly<Record<string, unknown>>;

function changesOf(changes: unknown): ReadonlyMap<string, Change> {
  const found = new Map<string, Change>();
  for (const each of list(changes)) {
    const address = each['address'];
    if (typeof address === 'string' && isRecord(each['change'])) found.set(address, each['change']);
  }
  return found;
}

function modulesBelow(root: unknown): readonly Readonly<Record<string, unknown>>[] {
  const found: Readonly<Record<string, unknown>>[] = [];
  let level = isRecord(root) ? [root] : [];
  for (let depth = 0; level.length > 0 && depth < DEEPEST; depth += 1) {
    found.push(...level);
    level = level.flatMap((module) => [...list(module['child_modules'])]);
  }
  return found;
}

function resourceManifest(
  resource: Readonly<Record<string, unknown>>,
  changes: ReadonlyMap<string, Change>,
  fingerprint: Fingerprint,
): readonly TerraformManifest[] {
  const { address, type, mode, values } = resource;
  if (typeof address !== 'string' || typeof type !== 'string' || mode !== 'managed') return [];
  const marked = maskMarked(values, resource['sensitive_values'], fingerprint);
  const masked = maskMarked(marked, changes.get(address)?.['after_sensitive'], fingerprint);
  return [{ apiVersion: 'terraform', kind: type, metadata: { name: address }, values: masked }];
}

function outputManifests(outputs: unknown, fingerprint: Fingerprint): readonly TerraformManifest[] {
  return Object.entries(isRecord(outputs) ? outputs : {}).flatMap(([name, output]) => {
    if (!isRecord(output)) return [];
    // Only what is said to be open is open.
    const values = maskMarked(output['value'], output['sensitive'] !== false, fingerprint);
    return [{ apiVersion: 'terraform', kind: 'output', metadata: { name }, values }];
  });
}

function endingNote(address: string, { actions }: Change): readonly string[] {
  if (!Array.isArray(actions) || !actions.includes('delete')) return [];
  return [`The plan ${actions.includes('create') ? 'replaces' : 'deletes'} ${address}`];
}

/** `marks` has the shape of the value, with `true` where it is sensitive, for a whole part too. */
export function maskMarked(value: unknown, marks: unknown, fingerprint: Fingerprint, depth = 0): unknown {
  if (value === null || value === undefined) return value;
  if (marks === true || depth > DEEPEST) return alreadyMasked(value) ? value : `masked:${fingerprint(spelled(value))}`;
  if (Array.isArray(value)) {
    const each = Array.isArray(marks) ? (marks as readonly unknown[]) : [];
    return value.map((item, index) => maskMarked(item, each[index], fingerprint, depth + 1));
  }
  if (!isRecord(value)) return value;
  const inner = isRecord(marks) ? marks : {};
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      maskMarked(item, Object.hasOwn(inner, key) ? inner[key] : undefined, fingerprint, depth + 1),
    ]),
  );
}

function alreadyMasked(value: unknown): boolean {
  return typeof value === 'string' && /^masked:[0-9a-f]{1,64}$/.test(value);
}

function spelled(value: unknown): string {
  return typeof value === 'string' ? value : canonicalYaml(value);
}

function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
