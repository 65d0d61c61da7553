/** Runs compiled policies, one after the other; what they say is read as the same policies' would be read from `opa`. */
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import { joinOutcomes } from '../../core/rego/join-outcomes.js';
import { readRegoOutput } from '../../core/rego/read-rego-output.js';
import type { RegoModule, RegoOutcome } from '../../core/rego/rego.js';
import { declaresMemory } from './declares-memory.js';
import { webAssembly } from './web-assembly.js';

export interface CompiledWork {
  readonly modules: readonly RegoModule[];
  readonly input: unknown;
  /** Of each policy, input and answer included. */
  readonly memoryMegabytes: number;
}

export async function evaluateCompiled({ modules, ...given }: CompiledWork): Promise<RegoOutcome> {
  const outcomes: RegoOutcome[] = [];
  for (const module of modules) outcomes.push(await evaluateOne(module, given));
  return joinOutcomes(outcomes);
}

type Given = Omit<CompiledWork, 'modules'>;

async function evaluateOne({ path, text }: RegoModule, given: Given): Promise<RegoOutcome> {
  try {
    const outcome = await run(Buffer.from(text, 'base64'), given);
    if (outcome.kind === 'misshapen') return { ...outcome, path };
    return outcome.kind === 'failed' ? { kind: 'failed', message: `${path}: ${outcome.message}` } : outcome;
  } catch (cause) {
    return { kind: 'failed', message: `${path}: ${wordsOf(cause)}`.slice(0, LONGEST_COMPLAINT) };
  }
}

/** Of a compiled policy's own words about what it could not do, in characters. */
const LONGEST_COMPLAINT = 2_000;
const PAGES_IN_MEGABYTE = 16;

async function run(bytes: Uint8Array, { input, memoryMegabytes }: Given): Promise<RegoOutcome> {
  const refused = findRefused(bytes);
  if (refused !== null) return { kind: 'failed', message: refused };
  const policy = await loadPolicy(bytes, { initial: 5, maximum: memoryMegabytes * PAGES_IN_MEGABYTE });
  const missing = missingFunctions(policy);
  if (missing.length > 0)
    return { kind: 'failed', message: `it calls ${missing.join(', ')}, which compiled policies are not given here` };
  const data = {};
  for (const entrypoint of Object.keys(policy.entrypoints as Readonly<Record<string, number>>))
    place(data, entrypoint.split('/'), policy.evaluate(input, entrypoint));
  return readRegoOutput(data);
}

/** Of what opa compiles: what is read of it here and by the library. */
const EXPORTS = ['builtins', 'entrypoints', 'opa_eval', 'opa_json_dump', 'opa_json_parse', 'opa_malloc'];

function findRefused(bytes: Uint8Array): string | null {
  if (!webAssembly.validate(bytes)) return 'it is no WebAssembly: compile it with `opa build --target wasm`';
  // The limit holds for the memory that we give it.
  if (declaresMemory(bytes)) return 'it declares memory of its own, which policies do not';
  const functions = webAssembly.Module.exports(new webAssembly.Module(bytes)).filter(({ kind }) => kind === 'function');
  const exported = new Set(functions.map(({ name }) => name));
  if (EXPORTS.every((name) => exported.has(name))) return null;
  return 'it is no policy: compile it with `opa build --target wasm`';
}

type Exported = (...values: readonly number[]) => number;
type Policy = Awaited<ReturnType<typeof loadPolicy>>;

/** What `@open-policy-agent/opa-wasm` 1.10 has besides what is compiled into each policy. */
const GIVEN = new Set(['sprintf', 'regex.split', 'json.is_valid', 'yaml.is_valid', 'yaml.marshal', 'yaml.unmarshal']);

/** Called or not: a function that is not there would be noticed only when it is called, and then not by everybody. */
function missingFunctions({ wasmInstance, mem }: Policy): readonly string[] {
  const { exports } = wasmInstance as unknown as { readonly exports: Readonly<Record<string, Exported>> };
  const { builtins, opa_json_dump: dump } = exports;
  if (builtins === undefined || dump === undefined) return [];
  const address = dump(builtins());
  const memory = new Uint8Array((mem as unknown as { readonly buffer: ArrayBuffer }).buffer);
  const text = new TextDecoder().decode(memory.subarray(address, memory.indexOf(0, address)));
  return Object.keys(JSON.parse(text) as object).filter((name) => !GIVEN.has(name));
}

/** `data.main.deny` of the entrypoint `main/deny`. What is undefined has no place. */
function place(data: Record<string, unknown>, path: readonly string[], results: unknown): void {
  const [found] = results as readonly { readonly result: unknown }[];
  if (found === undefined) return;
  let inside = data;
  for (const part of path.slice(0, -1)) inside = child(inside, part);
  const last = path.at(-1) ?? '';
  const { result } = found;
  if (isRecord(result)) Object.assign(child(inside, last), result);
  else define(inside, last, result);
}

function child(data: Record<string, unknown>, name: string): Record<string, unknown> {
  const there = Object.hasOwn(data, name) ? data[name] : undefined;
  if (isRecord(there)) return there;
  const made: Record<string, unknown> = {};
  define(data, name, made);
  return made;
}

/** `__proto__` is a name like any other. */
function define(data: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(data, name, { value, enumerable: true, configurable: true, writable: true });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The library throws texts, and objects with `message`. */
function wordsOf(cause: unknown): string {
  if (typeof cause === 'string') return cause;
  return isRecord(cause) || cause instanceof Error ? String(cause['message' as never]) : String(cause);
}
