/** Why policies in Rego were not asked, and what would change that: a clause of Markdown. */
import type { RegoObstacle } from '../core/rego/rego.js';
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

function globsText(globs: readonly string[]): string {
  return listed(
    globs.map((glob) => code(oneLine(glob, 200))),
    'or',
  );
}
