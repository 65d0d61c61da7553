/**
 * Where the cause of a failed kustomize build stands. Kustomize names files relative to whichever kustomization it was in, and lines only
 * of YAML it could not parse; people need a path from the top of the repository and a line to open.
 */
import { joinPath } from '../../tree/join-path.js';
import { readYaml } from '../../yaml/read-yaml.js';
import { KUSTOMIZATION_FILES } from '../detect-renderer.js';

interface FailedBuild {
  /** The kustomize's words; paths that start at the top of the repository have no directory of ours before them. */
  readonly message: string;
  /** Of the kustomization that was built. */
  readonly directory: string;
  /** All that the build could read, by path from the top. */
  readonly files: ReadonlyMap<string, string>;
}

interface FailurePlace {
  readonly file: string;
  /** From 1; null where the words give no hint. */
  readonly line: number | null;
}

/** Null only where there is no kustomization to point to. */
export function locateBuildFailure(build: FailedBuild): FailurePlace | null {
  const root = lastMatch(build.message, /recursed accumulation of path '([^']+)'/g) ?? build.directory;
  const kustomization = kustomizationIn(build, root) ?? kustomizationIn(build, build.directory);
  return placeOfMalformed(build, root) ?? (kustomization === null ? null : placeIn(build, kustomization));
}

function kustomizationIn({ files }: FailedBuild, directory: string): string | null {
  return KUSTOMIZATION_FILES.map((name) => joinPath(directory, name)).find((path) => files.has(path)) ?? null;
}

/** `MalformedYAMLError: yaml: line 2: … in File: deployment.yaml`, `unable to parse SM or JSON patch from [path: "patch.yaml"]` */
function placeOfMalformed({ message, files }: FailedBuild, root: string): FailurePlace | null {
  const named =
    lastMatch(message, /in File: ([^\s"']+)/g) ??
    lastMatch(message, /unable to parse SM or JSON patch from \[path: "([^"\n]+)"/g);
  if (named === null) return null;
  const file = [joinPath(root, named), joinPath('', named)].find((path) => files.has(path));
  return file === undefined ? null : { file, line: brokenLine(files.get(file)) ?? saidLine(message) };
}

function placeIn({ message, files }: FailedBuild, file: string): FailurePlace {
  const text = files.get(file) ?? '';
  if (/invalid Kustomization: yaml/.test(message)) return { file, line: brokenLine(text) ?? saidLine(message) };
  const field = lastMatch(message, /unknown field "([^"]+)"/g);
  if (field !== null) return { file, line: lineOf(text, (line) => keyOf(line) === field) };
  const reference =
    lastMatch(message, /failed to get the patch file from path\(([^)]+)\)/g) ??
    lastMatch(message, /accumulating resources from '([^']+)'/g);
  if (reference !== null) return { file, line: lineOf(text, (line) => line.includes(reference)) };
  const patched = /unique target for patch|no matches for Id/.test(message);
  return { file, line: patched ? lineOf(text, (line) => (keyOf(line) ?? '').startsWith('patches')) : null };
}

function lineOf(text: string, is: (line: string) => boolean): number | null {
  const index = text.split('\n').findIndex(is);
  return index < 0 ? null : index + 1;
}

function keyOf(line: string): string | null {
  return /^[\s-]*([\w.-]+)\s*:/.exec(line)?.[1] ?? null;
}

function brokenLine(text: string | undefined): number | null {
  if (text === undefined) return null;
  return readYaml(text).find(({ problem }) => problem !== null)?.problem?.line ?? null;
}

/** Kustomize counts from the top of one document: right for files that hold one. */
function saidLine(message: string): number | null {
  const said = /yaml: line (\d+)/.exec(message)?.[1];
  return said === undefined ? null : Number(said);
}

function lastMatch(text: string, pattern: RegExp): string | null {
  return [...text.matchAll(pattern)].at(-1)?.[1] ?? null;
}
