/** Finds the messages in what all packages of a repository's policies came to. */
import type { RegoFlaw, RegoMessage, RegoOutcome } from './rego.js';

/** Of one message, in characters, and of messages of each sort: what is beyond is counted. */
const LONGEST_MESSAGE = 500;
const MOST_MESSAGES = 50;

const DENY = /^(deny|violation)(_\w+)?$/;
const WARN = /^warn(_\w+)?$/;

/** `data`: the whole document that evaluation gives, packages as nested objects. */
export function readRegoOutput(data: unknown): RegoOutcome {
  const found: Found = { deny: [], warn: [], rules: 0, wrong: null };
  visit(data, [], found);
  const flaw: RegoFlaw | null = found.wrong ?? (found.rules === 0 ? { kind: 'no-rules' } : null);
  if (flaw !== null) return { kind: 'misshapen', path: null, flaw };
  return { kind: 'evaluated', deny: capped(found.deny), warn: capped(found.warn) };
}

interface Found {
  readonly deny: RegoMessage[];
  readonly warn: RegoMessage[];
  rules: number;
  /** The first rule of another shape. */
  wrong: RegoFlaw | null;
}

function visit(value: unknown, packagePath: readonly string[], found: Found): void {
  if (!isRecord(value)) return;
  for (const [name, inside] of Object.entries(value)) {
    const into = DENY.test(name) ? found.deny : WARN.test(name) ? found.warn : null;
    if (into === null) visit(inside, [...packagePath, name], found);
    else readRule({ package: packagePath.join('.'), rule: name, value: inside }, into, found);
  }
}

interface Rule {
  readonly package: string;
  readonly rule: string;
  readonly value: unknown;
}

function readRule(rule: Rule, into: RegoMessage[], found: Found): void {
  found.rules += 1;
  if (!Array.isArray(rule.value)) {
    found.wrong ??= { kind: 'no-set', package: rule.package, rule: rule.rule };
    return;
  }
  const messages: RegoMessage[] = [];
  for (const each of rule.value as readonly unknown[]) {
    const message = typeof each === 'string' ? each : isRecord(each) ? each['msg'] : null;
    if (typeof message === 'string')
      messages.push({ package: rule.package, rule: rule.rule, message: message.slice(0, LONGEST_MESSAGE) });
    else found.wrong ??= { kind: 'no-message', package: rule.package, rule: rule.rule };
  }
  // A set has no order, and what runs policies gives it each in one of its own.
  into.push(...messages.sort((a, b) => (a.message < b.message ? -1 : Number(a.message > b.message))));
}

function capped(messages: readonly RegoMessage[]): readonly RegoMessage[] {
  const [first] = messages.slice(MOST_MESSAGES);
  if (first === undefined) return messages;
  const more = { ...first, message: `… and ${String(messages.length - MOST_MESSAGES)} more` };
  return [...messages.slice(0, MOST_MESSAGES), more];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
