/** What happens while a release is played: one union, rendered as sentences or as JSON lines. */

export interface Shown {
  readonly number: number;
  readonly title: string;
  readonly url: string;
}

export type ReleaseEvent =
  | {
      readonly event: 'started';
      readonly forge: 'github' | 'gitlab';
      readonly forgeUrl: string;
      readonly botUrl: string;
    }
  | {
      readonly event: 'release-planned';
      readonly app: string;
      readonly from: string;
      readonly to: string;
      readonly environments: readonly string[];
      readonly url: string;
    }
  | {
      readonly event: 'bump-requested';
      readonly image: string;
      readonly tag: string;
      readonly environment: string;
      readonly url: string;
    }
  | {
      readonly event: 'pull-request-opened';
      readonly kind: 'bump' | 'promotion';
      readonly environment: string;
      readonly by: string;
      readonly pullRequest: Shown;
    }
  | {
      readonly event: 'plan-told';
      readonly pullRequest: Shown;
      readonly plan: string;
      readonly policy: string;
      readonly url: string;
    }
  | {
      readonly event: 'ci-green';
      readonly checks: readonly string[];
      readonly on: 'pull-request';
      readonly pullRequest: Shown;
    }
  | {
      readonly event: 'ci-green';
      readonly checks: readonly string[];
      readonly on: 'branch';
      readonly branch: string;
      readonly sha: string;
    }
  | { readonly event: 'approved'; readonly by: string; readonly pullRequest: Shown }
  | { readonly event: 'command'; readonly command: string; readonly by: string; readonly url: string }
  | {
      readonly event: 'answered';
      readonly command: string;
      readonly by: string;
      readonly answer: string;
      readonly url: string;
    }
  | {
      readonly event: 'refused';
      readonly command: string;
      readonly by: string;
      readonly reason: string;
      readonly url: string;
    }
  | { readonly event: 'merged'; readonly environment: string; readonly pullRequest: Shown; readonly commit: string }
  | { readonly event: 'arrived'; readonly app: string; readonly environment: string; readonly version: string }
  | { readonly event: 'stopped'; readonly reason: string }
  | { readonly event: 'failed'; readonly step: string; readonly reason: string; readonly url: string };

/** Told of each event before the next step begins: a promise that is returned is waited for. */
export type Narrator = (event: ReleaseEvent) => void | Promise<void>;
