/** Whom the configuration means where it names people. */

/** Anyone in any of these. */
export interface PeopleRule {
  readonly users: readonly string[];
  /** `org/team` on GitHub, a group's full path on GitLab. */
  readonly teams: readonly string[];
  /** Everyone with at least this permission on the repository; null for nobody by permission. */
  readonly permission: 'read' | 'triage' | 'write' | 'maintain' | 'admin' | null;
}
