/** Rendered YAML as resources, each in canonical text. */
import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import type { FileProblem } from '../problem.js';
import { canonicalYaml, isRecord } from './canonical.js';
import { containerImages, withoutImages, type ContainerImage } from './images.js';
import { maskResource, type Fingerprint } from './mask.js';

export interface Resource {
  readonly apiVersion: string;
  /** Empty for YAML that is no Kubernetes object; `name` is then its file. */
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  /** Canonical YAML, secrets masked. */
  readonly text: string;
  /** The same with every image emptied. */
  readonly textWithoutImages: string;
  readonly images: readonly ContainerImage[];
}

export interface Stream {
  readonly name: string;
  readonly text: string;
}

export interface Manifests {
  readonly resources: readonly Resource[];
  readonly problems: readonly FileProblem[];
}

/** Aliases resolved in one document, at most: more is a YAML bomb. */
const MAX_ALIASES = 1000;

/** Every resource of every document; broken documents become problems with file, line and column. `List`s are opened. */
export function parseManifests(streams: readonly Stream[], fingerprint: Fingerprint): Manifests {
  const resources: Resource[] = [];
  const problems: FileProblem[] = [];
  for (const stream of streams) {
    const lines = new LineCounter();
    const documents = parseAllDocuments(stream.text, { lineCounter: lines, uniqueKeys: false });
    const list = Array.isArray(documents) ? (documents as Document.Parsed[]) : [];
    list.forEach((document, index) => {
      const outcome = readDocument(document, stream.name, lines);
      if (outcome.kind === 'problem') problems.push(outcome.problem);
      else
        for (const value of opened(outcome.value))
          resources.push(toResource(value, placeOf(stream.name, index), fingerprint));
    });
  }
  return { resources, problems };
}

type Read = { kind: 'value'; value: unknown } | { kind: 'problem'; problem: FileProblem };

function readDocument(document: Document.Parsed, file: string, lines: LineCounter): Read {
  const error = document.errors[0];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return {
      kind: 'problem',
      problem: { file, line: line || 1, column: col || 1, message: error.message.split('\n')[0] ?? error.message },
    };
  }
  try {
    return { kind: 'value', value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { kind: 'problem', problem: { file, line: 1, column: 1, message } };
  }
}

function placeOf(file: string, index: number): string {
  return index === 0 ? file : `${file}#${index + 1}`;
}

/** A `List` is its items; empty documents are nothing. */
function opened(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (isRecord(value) && value['kind'] === 'List' && Array.isArray(value['items'])) return value['items'];
  return [value];
}

function toResource(value: unknown, place: string, fingerprint: Fingerprint): Resource {
  if (!isRecord(value) || typeof value['kind'] !== 'string' || typeof value['apiVersion'] !== 'string') {
    const text = canonicalYaml(value);
    return { apiVersion: '', kind: '', namespace: null, name: place, text, textWithoutImages: text, images: [] };
  }
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
  const name = typeof metadata['name'] === 'string' ? metadata['name'] : place;
  const namespace = typeof metadata['namespace'] === 'string' ? metadata['namespace'] : null;
  const masked = maskResource(value, fingerprint);
  return {
    apiVersion: value['apiVersion'],
    kind: value['kind'],
    namespace,
    name,
    text: canonicalYaml(masked),
    textWithoutImages: canonicalYaml(withoutImages(masked)),
    images: containerImages(value, `${value['kind']}/${name}`),
  };
}

/** Resources are the same thing if group, kind, namespace and name are: the API version within the group may move. */
export function resourceIdentity(resource: Pick<Resource, 'apiVersion' | 'kind' | 'namespace' | 'name'>): string {
  const slash = resource.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : resource.apiVersion.slice(0, slash);
  return JSON.stringify([group, resource.kind, resource.namespace, resource.name]);
}
