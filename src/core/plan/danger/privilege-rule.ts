/** Containers that get more power over their node than they had. */
import { isRecord } from '../canonical.js';
import type { Resource } from '../manifests.js';
import { field, itemsOf, textOf, valueAt } from '../values.js';
import type { Danger, DangerRule } from './resource-step.js';

/** What is so after the change and was not before; in a resource that comes, everything it asks for. */
export const privilegeRule: DangerRule = ({ before, after }) => {
  if (after === null) return [];
  const had = new Set(powersOf(before).map(({ power }) => power));
  return powersOf(after)
    .filter(({ power }) => !had.has(power))
    .map(({ kind, path }) => ({ kind, path }));
};

interface Power extends Danger {
  /** The same before and after. */
  readonly power: string;
}

/** Wherever there is a pod's description, in custom resources too. */
function powersOf(resource: Resource | null): readonly Power[] {
  if (resource === null || resource.kind === '') return [];
  const found: Power[] = [];
  visit(resource.value, '');
  if (resource.kind === 'PersistentVolume') found.push(...hostPath(valueAt(resource.value, 'spec'), 'spec'));
  return found;

  function visit(value: unknown, path: string): void {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, `${path}[${index}]`);
    if (!isRecord(value)) return;
    if (Array.isArray(value['containers'])) found.push(...podPowers(value, path));
    for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`);
  }
}

const HOST_FIELDS: readonly string[] = ['hostNetwork', 'hostPID', 'hostIPC'];
const CONTAINER_LISTS: readonly string[] = ['containers', 'initContainers', 'ephemeralContainers'];

function podPowers(pod: Record<string, unknown>, path: string): readonly Power[] {
  const host = HOST_FIELDS.filter((name) => field(pod, name) === true).map((name) =>
    powerOf('host-access', `${path}.${name}`),
  );
  const volumes = itemsOf(field(pod, 'volumes')).flatMap((volume, index) =>
    hostPath(volume, `${path}.volumes${label(volume, index)}`),
  );
  const windows = valueAt(pod, 'securityContext.windowsOptions.hostProcess') === true;
  const containers = CONTAINER_LISTS.flatMap((list) =>
    itemsOf(field(pod, list)).flatMap((container, index) =>
      containerPowers(container, `${path}.${list}${label(container, index)}`),
    ),
  );
  const process = windows ? [powerOf('privileged', `${path}.securityContext.windowsOptions.hostProcess`)] : [];
  return [...host, ...volumes, ...process, ...containers];
}

function hostPath(volume: unknown, path: string): readonly Power[] {
  const at = field(volume, 'hostPath');
  if (at === undefined || at === null) return [];
  return [powerOf('host-access', `${path}.hostPath`, String(textOf(field(at, 'path'))))];
}

function containerPowers(container: unknown, path: string): readonly Power[] {
  const context = `${path}.securityContext`;
  const flags = ['privileged', 'allowPrivilegeEscalation', 'windowsOptions.hostProcess']
    .filter((name) => valueAt(container, `securityContext.${name}`) === true)
    .map((name) => powerOf('privileged', `${context}.${name}`));
  const capabilities = itemsOf(valueAt(container, 'securityContext.capabilities.add')).map((name) =>
    powerOf('privileged', `${context}.capabilities.add`, String(textOf(name)).replace(/^CAP_/, '')),
  );
  const ports = itemsOf(field(container, 'ports')).flatMap((port) => {
    const number = field(port, 'hostPort');
    if (typeof number !== 'bigint' || number === 0n) return [];
    return [powerOf('host-access', `${path}.ports[${String(field(port, 'containerPort'))}].hostPort`, String(number))];
  });
  return [...flags, ...capabilities, ...ports];
}

function powerOf(kind: Danger['kind'], path: string, detail = ''): Power {
  return { kind, path, power: JSON.stringify([path, detail]) };
}

function label(item: unknown, index: number): string {
  return `[${textOf(field(item, 'name')) ?? index}]`;
}
