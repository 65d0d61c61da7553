/** Rendered YAML as resources, each in canonical text. */
import type { FileProblem } from '../problem.js';
import { MAX_ALIASES, MAX_DEPTH, readYaml, type YamlDocument, type YamlProblem } from '../yaml/read-yaml.js';
import { canonicalYaml, isRecord, MANIFEST_YAML } from './canonical.js';
import { containerImages, type ContainerImage } from './images.js';
import { maskSecrets, type Fingerprint } from './mask.js';
import { secrecyOf, type Secrecy } from './secrecy.js';

export interface Resource {
  readonly apiVersion: string;
  /** Empty for YAML that is no Kubernetes object; `name` is then its file. */
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  /** Canonical YAML, secrets masked. */
  readonly text: string;
  /** What `text` spells: maps, lists and scalars, whole numbers as bigint. */
  readonly value: unknown;
  /** Of a Secret, how its values stand in git; they themselves are masked. Null for everything else. */
  readonly secrecy: Secrecy | null;
  readonly images: readonly ContainerImage[];
  /** File and line that declare it, `a.yaml:3`; of what a tool printed, the template where it says so. */
  readonly source: string;
}

interface Stream {
  readonly name: string;
  readonly text: string;
}

interface Manifests {
  readonly resources: readonly Resource[];
  readonly problems: readonly FileProblem[];
}

/** Every resource of every document; broken documents become problems with file, line and column. `List`s are opened. */
export function parseManifests(streams: readonly Stream[], fingerprint: Fingerprint): Manifests {
  const resources: Resource[] = [];
  const problems: FileProblem[] = [];
  for (const stream of streams) {
    for (const [index, document] of readYaml(stream.text, MANIFEST_YAML).entries()) {
      const value = valueOf(document);
      if (value.kind === 'problem') problems.push({ file: stream.name, ...value.problem });
      else
        for (const object of opened(value.value)) {
          const source = templateOf(document) ?? `${stream.name}:${document.line}`;
          resources.push({ ...toResource(object, placeOf(stream.name, index), fingerprint), source });
        }
    }
  }
  return { resources, problems };
}

type Read =
  { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'problem'; readonly problem: YamlProblem };

/** The library's own words are not passed on: they quote the text. */
function valueOf({ document, problem }: YamlDocument): Read {
  if (problem !== null) return { kind: 'problem', problem };
  try {
    const value = document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
    if (unfolds(value) === 'within-limits') return { kind: 'value', value };
    const message = 'its aliases (*name) unfold to something too large or too deep';
    return { kind: 'problem', problem: { line: 1, column: 1, message } };
  } catch (cause) {
    const message =
      cause instanceof ReferenceError
        ? `its aliases (*name) unfold to more than ${MAX_ALIASES} values`
        : 'a merge key (<<) stands for something that is no map';
    return { kind: 'problem', problem: { line: 1, column: 1, message } };
  }
}

/** What one document may come to with its aliases unfolded; bundles of custom resource definitions have some hundred thousand values. */
const UNFOLDED = { values: 1_000_000, characters: 32_000_000 } as const;

/** Without recursion, and depth first, so that what is too deep is found before it is walked in full. */
function unfolds(root: unknown): 'within-limits' | 'too-far' {
  const stack: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 0 }];
  let values = 0;
  let characters = 0;
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, depth } = next;
    values += 1;
    if (typeof value === 'string') characters += value.length;
    if (values > UNFOLDED.values || characters > UNFOLDED.characters || depth > MAX_DEPTH) return 'too-far';
    if (typeof value !== 'object' || value === null) continue;
    for (const inner of Object.values(value)) stack.push({ value: inner, depth: depth + 1 });
  }
  return 'within-limits';
}

function placeOf(file: string, index: number): string {
  return index === 0 ? file : `${file}#${index + 1}`;
}

/** A `List` is its items, and so are lists in it; empty documents are nothing. */
function opened(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (isRecord(value) && value['kind'] === 'List' && Array.isArray(value['items']))
    return value['items'].flatMap(opened);
  return [value];
}

/** Helm writes above each document what it made it of. */
function templateOf({ document }: YamlDocument): string | null {
  const comments = `${document.commentBefore ?? ''}\n${document.contents?.commentBefore ?? ''}`;
  return /^ ?Source: (\S{1,300})$/m.exec(comments)?.[1] ?? null;
}

function toResource(value: unknown, place: string, fingerprint: Fingerprint): Omit<Resource, 'source'> {
  const masked = maskSecrets(value, fingerprint);
  if (!isRecord(masked) || typeof masked['kind'] !== 'string' || typeof masked['apiVersion'] !== 'string') {
    const nameless = { apiVersion: '', kind: '', namespace: null, name: place, images: [] };
    return { ...nameless, text: canonicalYaml(masked), value: masked, secrecy: null };
  }
  const metadata = isRecord(masked['metadata']) ? masked['metadata'] : {};
  const name = typeof metadata['name'] === 'string' ? metadata['name'] : place;
  const namespace = typeof metadata['namespace'] === 'string' ? metadata['namespace'] : null;
  return {
    apiVersion: masked['apiVersion'],
    kind: masked['kind'],
    namespace,
    name,
    text: canonicalYaml(masked),
    value: masked,
    secrecy: secrecyOf(value),
    images: containerImages(masked, `${masked['kind']}/${name}`),
  };
}

/** Resources are the same thing if group, kind, namespace and name are: the API version within the group may move. */
export function resourceIdentity(resource: Pick<Resource, 'apiVersion' | 'kind' | 'namespace' | 'name'>): string {
  const slash = resource.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : resource.apiVersion.slice(0, slash);
  return JSON.stringify([group, resource.kind, resource.namespace, resource.name]);
}
