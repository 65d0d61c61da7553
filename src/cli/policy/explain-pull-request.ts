/** `lockkeeper policy explain PR`: the policy of the target branch on a pull request of a forge, read with the bot's own settings. */
import { explainPullRequest, type Explanation, type Supposition } from '../../app/policy/explain-pull-request.js';
import { Forbidden, Unavailable } from '../../core/problem.js';
import { unreachable } from '../../core/unreachable.js';
import { listed } from '../../text/markdown.js';
import { problemText } from '../../text/plan-text.js';
import { noExplanationText } from '../../text/no-explanation-text.js';
import { notJudgedText } from '../../text/policy-change-text.js';
import { policyExplanation } from '../../text/policy-text.js';
import { pullRequestName } from '../../text/pull-request-name.js';
import { readFromEnvironment } from '../read-from-environment.js';
import { readTextFile } from '../read-text-file.js';
import { readSettings } from '../settings.js';
import { withApp } from '../with-app.js';
import { findRepository } from './find-repository.js';
import type { NamedPullRequest } from './named-pull-request.js';
import type { Printer } from './policy-test.js';

type Named = Extract<NamedPullRequest, { kind: 'pull-request' }>;

interface ExplainRequest extends Supposition {
  readonly named: Named;
}

/** Resolves to the exit status: 0 when it was explained, 2 when it can't be. */
export async function explainOfForge(
  { named, ...supposition }: ExplainRequest,
  printer: Printer,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const reading = readFromEnvironment(environment, (read) => readSettings(read, readTextFile));
  if (reading.kind === 'invalid') {
    for (const problem of reading.problems) printer.error(`lockkeeper policy explain can’t ask the forge: ${problem}`);
    return 2;
  }
  const repository = findRepository(named, reading.settings);
  if (typeof repository === 'string') {
    printer.error(repository);
    return 2;
  }
  try {
    const explained = await withApp(reading.settings, environment, (app) =>
      explainPullRequest(app, repository, named.number, supposition),
    );
    const name = `${repository.path}${pullRequestName(repository.forge, named.number)}`;
    return print(explained, { name, supposition }, printer);
  } catch (cause) {
    if (!(cause instanceof Forbidden) && !(cause instanceof Unavailable)) throw cause;
    printer.error(`lockkeeper policy explain could not ask: ${cause.message}`);
    return 2;
  }
}

interface Asked {
  /** Of the pull request. */
  readonly name: string;
  readonly supposition: Supposition;
}

function print(explained: Explanation, { name, supposition }: Asked, printer: Printer): number {
  switch (explained.kind) {
    case 'impossible':
      printer.error(`${name}: ${noExplanationText(explained.why)}`);
      return 2;
    case 'not-judged':
      printer.error(`${name}: it was merged, and can’t be judged any more: ${notJudgedText(explained.why)}.`);
      return 2;
    case 'broken':
      printer.error(`${name}: the configuration of ${explained.branch} is broken, so nothing is judged:`);
      for (const { file, line, column, message } of explained.problems)
        printer.error(`${file}:${String(line)}:${String(column)}: ${message}`);
      return 2;
    case 'explained':
      for (const line of explanationLines(explained, { name, supposition })) printer.out(line);
      return 0;
    default:
      return unreachable(explained);
  }
}

function explanationLines(
  { pullRequest, verdict, tip, problems }: Extract<Explanation, { kind: 'explained' }>,
  { name, supposition }: Asked,
): readonly string[] {
  const { title, url, state, base, head } = pullRequest;
  const when = state === 'merged' ? 'as it stood when it was merged' : `at ${head.sha.slice(0, 7)}`;
  return [
    `# ${name}: ${title}`,
    '',
    `${url}, ${when}, by the policy of ${base} at ${tip.slice(0, 7)}${supposedText(supposition)}.`,
    '',
    ...(problems.length === 0 ? [] : ['The plan has problems, and nothing passes without one:', '']),
    ...problems.map((problem) => `- ${problemText(problem)}`),
    ...(problems.length === 0 ? [] : ['']),
    ...policyExplanation(verdict).split('\n'),
  ];
}

function supposedText({ approvedBy, at }: Supposition): string {
  const approved = approvedBy.length === 0 ? [] : [`if ${listed(approvedBy)} approved`];
  const time = at === null ? [] : [`if it were ${new Date(at).toISOString()}`];
  return [...approved, ...time].map((each) => `, as ${each}`).join('');
}
