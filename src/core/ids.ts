/** The names by which everything else is found. All are plain strings and numbers so that they travel through queues as JSON. */

export type ForgeKind = 'github' | 'gitlab';

/** A full hexadecimal git object id. */
export type Sha = string;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A configuration repository: `path` is `owner/name` on GitHub, `group/subgroup/project` on GitLab. */
export interface RepositoryId {
  readonly forge: ForgeKind;
  readonly path: string;
}

/** `github:acme/config`: the name of a repository in logs, keys and lanes. */
export function repositoryKey(repository: RepositoryId): string {
  return `${repository.forge}:${repository.path}`;
}

/** One application in one environment. */
export interface TargetName {
  readonly app: string;
  readonly env: string;
}

/** `api in prod`'s key: `api/prod`. */
export function targetKey(target: TargetName): string {
  return `${target.app}/${target.env}`;
}
