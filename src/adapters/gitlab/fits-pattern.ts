/** GitLab's patterns of protected branches: `*` stands for anything, slashes too. https://docs.gitlab.com/user/project/repository/branches/protected/ */
export function fitsPattern(branch: string, pattern: string): boolean {
  const [start = '', ...parts] = pattern.split('*');
  const end = parts.pop();
  if (end === undefined) return branch === pattern;
  if (!branch.startsWith(start) || !branch.endsWith(end)) return false;
  let at = start.length;
  for (const part of parts) {
    const found = branch.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= branch.length - end.length;
}
