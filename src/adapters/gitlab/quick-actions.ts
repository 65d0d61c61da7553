/**
 * GitLab carries out lines that begin with `/` as commands of whoever posts them ("quick actions": `/merge`, `/approve`, …). Nothing
 * that the bot writes may do that, whatever text it quotes, so such lines get a backslash: Markdown shows `\/` as `/`.
 * https://docs.gitlab.com/user/project/quick_actions/
 *
 * GitLab's own rule spares code blocks, but how it finds their ends differs between versions; the bot does not rely on it.
 */

/** As GitLab keeps it. {@link withoutGuards} gives back the very same text. */
export function withGuards(text: string): string {
  return text.replace(/^([ \t]*)(\\*)\/(?=[A-Za-z])/gm, '$1$2\\/');
}

/** As the bot wrote it. Only for what the bot itself has written. */
export function withoutGuards(text: string): string {
  return text.replace(/^([ \t]*)\\(\\*)\/(?=[A-Za-z])/gm, '$1$2/');
}
