/** Files of a repository that its policy is made of: whoever changes them changes who must agree. */
import { compileGlobs } from '../glob/glob.js';
import type { Policy } from './policy-rules.js';

/** Whether a path is one of them. */
export function policyFiles({ file, rego }: Pick<Policy, 'file' | 'rego'>): (path: string) => boolean {
  const isRego = compileGlobs(rego);
  return (path) => path === file || (rego.length > 0 && isRego(path));
}
