/** Which references kustomize would fetch over the network. Too much is refused rather than too little. */

const remoteForms = [
  // A URL of whatever scheme, go-getter's `git::`, and the short `gh:`.
  /^[a-z][a-z0-9+.-]*:(\/\/|:)/i,
  /^gh:/i,
  // `git@host:owner/name`, `user@host/…`.
  /^[^/\s]+@[^/\s]+[:/]/,
  /^(www\.)?github\.com[:/]/i,
  // `owner/name.git//path`, Azure's `_git/`, a query that names a revision.
  /\.git(\/|\?|$)/i,
  /(^|\/)_git\//i,
  /\?(.*&)?(ref|version|timeout|submodules)=/i,
];

export function isRemote(value: string): boolean {
  return remoteForms.some((form) => form.test(value.trim()));
}

/** For messages: without user, password, query. At most 120 characters. */
export function showReference(value: string): string {
  return value
    .trim()
    .replace(/\/\/[^/@\s]*@/, '//')
    .replace(/\?.*$/s, '')
    .slice(0, 120);
}
