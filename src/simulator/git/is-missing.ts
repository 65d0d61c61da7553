/** Whether a file operation failed because there is nothing at the path. */
export function isMissing(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  // A ref `a/b` is looked for where `a` is a ref, and the other way round.
  return error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR';
}
