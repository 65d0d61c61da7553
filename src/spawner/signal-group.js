// @ts-check
/**
 * Signals a process and all of its group, if any of it is left. Plain JavaScript: see run-children.js.
 *
 * @param {number} leader its process id
 * @param {'SIGTERM' | 'SIGKILL'} name
 */
export function signalGroup(leader, name) {
  try {
    process.kill(-leader, name);
  } catch (error) {
    // ESRCH: none of the group is left. EPERM: macOS says so of one that is about to end.
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
