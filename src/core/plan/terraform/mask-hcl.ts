/**
 * Terraform's own language as text, with secrets masked: values assigned to names that are sensitive, and those of variables declared
 * `sensitive = true`, their defaults included.
 *
 * Worked example: `db_password = "hunter2"` becomes `db_password = "masked:1a2b3c4d"`; `password = var.db_password` stays.
 */
import { isSensitiveKey } from '../../mask/sensitive-key.js';
import { isRecord } from '../canonical.js';
import type { Fingerprint } from '../mask.js';
import { maskMarked } from './plan-resources.js';

const ASSIGNMENT = /^(\s*"?([\w.-]{1,200})"?\s*[=:]\s*)(.*)$/;
const HEREDOC = /^<<[-~]?\s*"?(\w{1,100})"?\s*$/;
const VARIABLE = /^\s*variable\s+"([^"]{1,200})"/;
/** What only names a value that stands elsewhere. */
const REFERENCE = /^(null|true|false|(var|local|data|module|each|self|count)\.[\w.[\]*-]+)\s*,?\s*(#.*|\/\/.*)?$/;

/** Names of the variables that a file declares to be sensitive. */
export function sensitiveVariables(text: string): readonly string[] {
  const found: string[] = [];
  let variable: string | null = null;
  for (const line of text.split('\n')) {
    variable = variableAt(line, variable);
    if (variable !== null && /\bsensitive\s*=\s*true\b/.test(line)) found.push(variable);
  }
  return found;
}

/** `sensitive`: names of variables, from all files that belong together. */
export function maskHcl(text: string, sensitive: ReadonlySet<string>, fingerprint: Fingerprint): string {
  const masked: string[] = [];
  let variable: string | null = null;
  let open: OpenValue | null = null;
  const close = (value: OpenValue): null => {
    masked.push(`${value.prefix}"masked:${fingerprint(value.lines.join('\n'))}"`);
    return null;
  };
  for (const line of text.split('\n')) {
    if (open === null) {
      variable = variableAt(line, variable);
      open = hiddenValue(line, variable, sensitive);
      if (open === null) masked.push(line);
    } else open = goOn(open, line);
    if (open?.state === 'ended') open = close(open);
  }
  // A value that never ends is hidden to the end.
  if (open !== null) close(open);
  return masked.join('\n');
}

/** The variable whose block a line is in: blocks of variables end at the margin. */
function variableAt(line: string, before: string | null): string | null {
  return VARIABLE.exec(line)?.[1] ?? (line.startsWith('}') ? null : before);
}

/** Null for a line that may be seen. */
function hiddenValue(line: string, variable: string | null, sensitive: ReadonlySet<string>): OpenValue | null {
  const assignment = ASSIGNMENT.exec(line);
  if (assignment === null) return null;
  const [, prefix = '', name = '', value = ''] = assignment;
  const hides = isSecret(name, sensitive) || (name === 'default' && isSecret(variable, sensitive));
  if (!hides || value.trim() === '' || REFERENCE.test(value)) return null;
  return goOn({ state: 'open', prefix, lines: [], until: HEREDOC.exec(value)?.[1] ?? null, depth: 0 }, value);
}

function isSecret(name: string | null, sensitive: ReadonlySet<string>): boolean {
  return name !== null && (sensitive.has(name) || isSensitiveKey(name));
}

/** A value over several lines: a heredoc up to its marker, or brackets up to the last. */
interface OpenValue {
  readonly state: 'open' | 'ended';
  readonly prefix: string;
  readonly lines: readonly string[];
  readonly until: string | null;
  readonly depth: number;
}

function goOn(value: OpenValue, line: string): OpenValue {
  const lines = [...value.lines, line];
  if (value.until !== null) {
    const ended = value.lines.length > 0 && line.trim() === value.until;
    return { ...value, lines, state: ended ? 'ended' : 'open' };
  }
  const bare = line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
  const depth = value.depth + (bare.match(/[[{(]/g)?.length ?? 0) - (bare.match(/[\]})]/g)?.length ?? 0);
  return { ...value, lines, depth, state: depth > 0 ? 'open' : 'ended' };
}

/** The same for the JSON forms: a file of variables' values, and declarations with their defaults. */
export function maskTerraformJson(value: unknown, sensitive: ReadonlySet<string>, fingerprint: Fingerprint): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (sensitive.has(key)) return [key, maskMarked(inner, true, fingerprint)];
      return [key, key === 'variable' && isRecord(inner) ? maskDefaults(inner, sensitive, fingerprint) : inner];
    }),
  );
}

function maskDefaults(
  variables: Readonly<Record<string, unknown>>,
  sensitive: ReadonlySet<string>,
  fingerprint: Fingerprint,
): unknown {
  return Object.fromEntries(
    Object.entries(variables).map(([name, declared]) => {
      const hides = isRecord(declared) && (declared['sensitive'] === true || isSecret(name, sensitive));
      return [name, hides ? maskMarked(declared, { default: true }, fingerprint) : declared];
    }),
  );
}
