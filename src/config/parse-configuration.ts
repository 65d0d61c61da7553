/** `.lockkeeper.yaml` as text → what decisions know of it, or every problem at once. */
import type {
  CarryRule,
  CommandRights,
  Configuration,
  EnvironmentRules,
  PullRequestKind,
} from '../core/configuration.js';
import type { PeopleRule } from '../core/people-rule.js';
import type { Policy } from '../core/policy/policy-rules.js';
import type { FileProblem } from '../core/problem.js';
import { HELM_BY_CONVENTION } from '../core/plan/helm/helm-inputs.js';
import { checkWhole } from './check-whole.js';
import { configurationShape, type CommandPeopleInFile, type ConfigurationFile } from './configuration-shape.js';
import { peopleOf } from './people-shape.js';
import { DEFAULT_POLICY, POLICY_TO_BE_READ, policyOf } from './policy-of-file.js';
import { readShape } from './read-shape.js';
import { beginReading, INVALID, type Reading } from './reading.js';
import { readYamlSource, type OffsetProblem } from './yaml-source.js';

export type ParsedConfiguration =
  | { readonly kind: 'valid'; readonly configuration: Configuration; readonly policySource: PolicySource }
  | { readonly kind: 'invalid'; readonly problems: readonly FileProblem[] };

/** Where the policy stands. */
type PolicySource =
  | { readonly kind: 'here' }
  /**
   * In another file of the same commit: until it is read, the configuration's policy lets nothing pass. `ifMissing`: what is wrong where
   * there is no such file.
   */
  | { readonly kind: 'file'; readonly path: string; readonly ifMissing: readonly FileProblem[] }
  /** The file has no `policy`; an organisation's may take the place of the one that holds by default. */
  | { readonly kind: 'default' };

const MOST_PROBLEMS = 100;

/** `file` is the name that problems carry. Problems come in the order of the text, at most a hundred and a count of the rest. */
export function parseConfiguration(text: string, file: string): ParsedConfiguration {
  const source = readYamlSource(text);
  // Without a tree there is nothing to say about keys; the reasons are among the problems already.
  const reading = beginReading(source);
  const value = source.root === null && source.problems.length > 0 ? INVALID : readShape(configurationShape, reading);
  const problems = [...reading.problems, ...checkWhole(value, reading)];
  if (value === INVALID || problems.length > 0) return { kind: 'invalid', problems: place(problems, text, file) };
  return {
    kind: 'valid',
    configuration: configurationOf(value),
    policySource: sourceOf(value, reading, (found) => place([found], text, file)),
  };
}

function sourceOf(
  { policy }: ConfigurationFile,
  { policyFiles }: Reading,
  placed: (problem: OffsetProblem) => readonly FileProblem[],
): PolicySource {
  if (policy === null) return { kind: 'default' };
  if (policy.file === null) return { kind: 'here' };
  const offset = policyFiles[0]?.offset ?? 0;
  return {
    kind: 'file',
    path: policy.file,
    ifMissing: placed({ offset, message: `There is no file \`${policy.file}\` in the same commit.` }),
  };
}

/** Lines and columns for problems, in the order of the text. */
export function place(problems: readonly OffsetProblem[], text: string, file: string): readonly FileProblem[] {
  const lineStarts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
  const inOrder = problems.toSorted((a, b) => a.offset - b.offset);
  const placed = inOrder.slice(0, MOST_PROBLEMS).map(({ offset, message }) => {
    const at = Math.min(Math.max(offset, 0), text.length);
    const line = lineOf(lineStarts, at);
    return { file, line: line + 1, column: at - (lineStarts[line] ?? 0) + 1, message };
  });
  const last = placed.at(-1);
  if (inOrder.length <= MOST_PROBLEMS || last === undefined) return placed;
  return [...placed, { ...last, message: `${inOrder.length - MOST_PROBLEMS} more problems follow.` }];
}

function lineOf(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Fills in the defaults; each is named on the reference page by configuration-shape.ts. */
function configurationOf(file: ConfigurationFile): Configuration {
  return {
    layouts: file.layout,
    render: file.render ?? 'auto',
    helm: file.helm ?? HELM_BY_CONVENTION,
    inputs: file.inputs ?? [],
    environments: file.environments.map(environmentOf),
    carry: file.carry === null ? [{ kind: 'files', files: ['**'], except: [] }] : file.carry.flatMap(carryOf),
    images: (file.images ?? []).map((image) => ({ ...image, update: image.update ?? 'semver' })),
    prices: file.prices,
    policy: policyIn(file.policy),
    queue: queueOf(file.queue),
    commands: commandRightsOf(file.commands),
  };
}

function policyIn(policy: ConfigurationFile['policy']): Policy {
  if (policy === null) return DEFAULT_POLICY;
  const { rules } = policy;
  return rules === null ? POLICY_TO_BE_READ : policyOf({ ...policy, rules });
}

function queueOf(file: ConfigurationFile['queue']): Configuration['queue'] {
  const { order, method, parallel, verify, rebase, speculate } = file ?? NOTHING_OF_THE_QUEUE;
  return {
    method: method ?? 'squash',
    order: orderOf(order ?? []),
    parallel: parallel ?? 'on',
    verify: verify ?? 'head',
    rebase: rebase ?? 'never',
    speculate: speculate ?? 'plans',
  };
}

const NOTHING_OF_THE_QUEUE = {
  order: null,
  method: null,
  parallel: null,
  verify: null,
  rebase: null,
  speculate: null,
} as const;

function environmentOf([name, rules]: ConfigurationFile['environments'][number]): EnvironmentRules {
  return {
    name,
    after: rules.after ?? [],
    gates: { checks: rules.gates?.checks ?? [], soak: rules.gates?.soak ?? 0 },
    promotion: rules.promotion ?? 'manual',
    merge: rules.merge ?? 'manual',
  };
}

function carryOf(entry: NonNullable<ConfigurationFile['carry']>[number]): readonly CarryRule[] {
  if (entry.files !== null) return [{ kind: 'files', files: entry.files, except: entry.except ?? [] }];
  return (entry.fields ?? []).map(({ file, path }) => ({ kind: 'field', file, path }));
}

const DEFAULT_ORDER: readonly PullRequestKind[] = ['rollback', 'hotfix', 'promotion', 'bump', 'other'];

function orderOf(given: readonly PullRequestKind[]): readonly PullRequestKind[] {
  return [...given, ...DEFAULT_ORDER.filter((kind) => !given.includes(kind))];
}

function commandRightsOf(commands: ConfigurationFile['commands']): CommandRights {
  const rights = Object.entries(commands ?? {}).flatMap(([command, given]) =>
    given === null ? [] : [[command, byEnvironmentOf(given)] as const],
  );
  return Object.fromEntries(rights);
}

function byEnvironmentOf(given: CommandPeopleInFile): Readonly<Record<string, PeopleRule>> {
  if (!isPairs(given)) return { '*': peopleOf(given) };
  return Object.fromEntries(given.map(([environment, people]) => [environment, peopleOf(people)]));
}

function isPairs(given: CommandPeopleInFile): given is Extract<CommandPeopleInFile, readonly unknown[]> {
  return Array.isArray(given);
}
