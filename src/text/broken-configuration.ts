/** A configuration that is wrong, in the words of a check: how many problems, the first one's line, and each of them. */
import type { FileProblem } from '../core/problem.js';
import { counted, oneLine } from './markdown.js';
import { problemText } from './plan-text.js';

/** Of what forges show. */
const TITLE_SHOWN = 140;

/** `branch`: the target branch, whose configuration it is. `title`: at most 140 characters. */
export function brokenConfiguration(
  branch: string,
  problems: readonly FileProblem[],
): { readonly title: string; readonly summary: string } {
  const [first] = problems;
  const file = first?.file ?? '.lockkeeper.yaml';
  const where = first === undefined ? '' : `, first at line ${first.line}`;
  const title = `${file} on ${branch} is broken: ${counted(problems.length, 'problem')}${where}`;
  const lines = problems.map(
    (problem) => `- ${problemText({ kind: 'broken-configuration', where: 'target-branch', problem })}`,
  );
  return { title: oneLine(title, TITLE_SHOWN), summary: lines.join('\n') };
}
