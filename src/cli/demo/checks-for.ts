/** Which checks CI reports so that every gate finds one. */
import { compileGlob } from '../../core/glob/glob.js';

/** What the demo's branch protection asks for. */
const BUILD = 'ci/build';

/** A name for each glob: `argocd/*` → `argocd/build`. The bot's own checks are the bot's to report. */
export function checksFor(globs: readonly string[]): readonly string[] {
  const names = new Set([BUILD]);
  for (const glob of globs) {
    if (glob.startsWith('lockkeeper/') || [...names].some(compileGlob(glob))) continue;
    const name = glob
      .replace(/\*+/g, 'build')
      .replaceAll('?', 'x')
      .replace(/\{([^,}]*)[^}]*\}/g, '$1');
    names.add(name);
  }
  return [...names];
}
