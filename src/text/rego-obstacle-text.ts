/** Why policies in Rego were not asked, and what would change that: a clause of Markdown. */
import type { RegoFlaw, RegoObstacle, RegoOutcome } from '../core/rego/rego.js';
import { unreachable } from '../core/unreachable.js';
import { code, listed, oneLine } from './markdown.js';

export function regoObstacleText(why: RegoObstacle): string {
  switch (why.kind) {
    case 'no-match':
      return `no policy (.rego, or .wasm as opa compiles it) matches ${globsText(why.globs)} ${why.beside === 'organisation' ? 'beside the organisation’s policy' : 'on the target branch'}`;
    case 'too-many':
      return `more than ${why.most} files match ${globsText(why.globs)}`;
    case 'too-large':
      return `${code(oneLine(why.path, 200))} is larger than ${why.most} bytes`;
    case 'nothing-rendered':
      return 'what was rendered is too large for policies to read, or is lost: say `/plan`';
    case 'no-runner':
      return 'this bot was started without anything to run policies with';
    case 'unread':
      return 'what they are to judge is not known: there is no plan without problems';
    default:
      return unreachable(why);
  }
}

/** Why what they came to says nothing. */
export function misshapenText({ path, flaw }: Extract<RegoOutcome, { kind: 'misshapen' }>): string {
  return path === null ? flawText(flaw) : `${code(oneLine(path, 200))}: ${flawText(flaw)}`;
}

function flawText(flaw: RegoFlaw): string {
  if (flaw.kind === 'no-rules') return 'no package has a set called `deny` or `warn`: nothing would ever be refused';
  const rule = `${code(oneLine(flaw.rule, 100))} of package ${code(oneLine(flaw.package, 200))}`;
  switch (flaw.kind) {
    case 'no-set':
      return `${rule} is no set: write ${code(oneLine(`${flaw.rule} contains msg if { … }`, 200))}`;
    case 'no-message':
      return `${rule} holds what is neither a text nor an object with \`msg\``;
    default:
      return unreachable(flaw);
  }
}

function globsText(globs: readonly string[]): string {
  return listed(
    globs.map((glob) => code(oneLine(glob, 200))),
    'or',
  );
}
