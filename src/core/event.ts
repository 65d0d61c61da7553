/** The little that is kept of a webhook: what it nudges. Everything else is read from the forge when it is needed. */
import type { RepositoryId, Sha } from './ids.js';
import type { JobSubject } from './job.js';
import { parseGroupBranch } from './merge-group/group-branch.js';
import { unreachable } from './unreachable.js';

export type Event =
  | { readonly kind: 'pull-request'; readonly repository: RepositoryId; readonly number: number }
  /** A comment or review was made, changed or withdrawn. */
  | { readonly kind: 'discussion'; readonly repository: RepositoryId; readonly number: number }
  | { readonly kind: 'push'; readonly repository: RepositoryId; readonly branch: string; readonly after: Sha }
  | { readonly kind: 'checks'; readonly repository: RepositoryId; readonly sha: Sha }
  /** Somebody asked on the forge's page for a check of ours to be made again; `numbers`: the pull requests that the forge names. */
  | {
      readonly kind: 'rerun';
      readonly repository: RepositoryId;
      readonly sha: Sha;
      readonly numbers: readonly number[];
    }
  | { readonly kind: 'bump'; readonly repository: RepositoryId; readonly request: BumpRequest }
  | { readonly kind: 'repositories'; readonly repositories: readonly RepositoryId[] };

/** "Application X in environment E should run image:tag@digest." */
export interface BumpRequest {
  /** Without tag or digest. */
  readonly image: string;
  readonly tag: string;
  /** `sha256:…` or null. */
  readonly digest: string | null;
  /** Where the new image came from, for the pull request's text: a URL or null. */
  readonly source: string | null;
}

/** What a delivery asks to be looked at. */
export function nudges(event: Event): readonly JobSubject[] {
  switch (event.kind) {
    case 'pull-request':
    case 'discussion':
      return [{ kind: 'attend', repository: event.repository, number: event.number }];
    case 'push':
      if (parseGroupBranch(event.branch) !== null)
        return [{ kind: 'merge-group', repository: event.repository, branch: event.branch }];
      return [{ kind: 'attend-branch', repository: event.repository, branch: event.branch }];
    case 'checks':
      return [{ kind: 'attend-commit', repository: event.repository, sha: event.sha }];
    case 'rerun': {
      const { repository, sha, numbers } = event;
      // The plan's job has the pull request attended to afterwards; of a fork's the forge names no number.
      return [
        ...numbers.map((number) => ({ kind: 'plan', repository, number }) as const),
        { kind: 'attend-commit', repository, sha },
      ];
    }
    case 'bump':
      return [{ kind: 'bump', repository: event.repository }];
    case 'repositories':
      return event.repositories.map((repository) => ({ kind: 'sweep', repository }) as const);
    default:
      return unreachable(event);
  }
}
