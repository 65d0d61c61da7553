/** What the demo is asked to do. */

export interface DemoOptions {
  readonly forge: 'github' | 'gitlab';
  /** `once`: ends after the play; `stay`: keeps running until Ctrl-C. */
  readonly after: 'once' | 'stay';
  readonly output: 'sentences' | 'json';
  /** Path of a git repository of the user's own, or null for the demo's. */
  readonly repository: string | null;
}
