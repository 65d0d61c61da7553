/**
 * What renderings may read beyond the repository: fetched before a tool runs, from places that the server's settings name, pinned, within
 * limits, without anybody's credentials. Tools themselves reach no network.
 */
import type { Sha } from '../core/ids.js';
import type { ChartSource } from '../core/plan/helm/chart-release.js';
import type { TreeView } from '../core/tree/tree-view.js';
import type { Mirror } from './repository.js';

export interface RemoteSources {
  /** Changes when other places are allowed: part of what a rendering rests on. */
  readonly version: string;
  /** A repository as it stands at a tag or commit. `url`: of https. */
  tree(source: { readonly url: string; readonly ref: string }): Promise<Fetched<RemoteTree>>;
  file(url: string): Promise<Fetched<RemoteFile>>;
  chart(source: ChartSource): Promise<Fetched<RemoteChart>>;
}

export type Fetched<T> =
  | ({ readonly kind: 'fetched' } & T)
  /** The settings don't name the place. `message`: a sentence without a full stop that names the setting. */
  | { readonly kind: 'not-allowed'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

export interface RemoteTree {
  readonly commit: Sha;
  readonly view: TreeView;
  readonly mirror: Pick<Mirror, 'blobs'>;
}

export interface RemoteFile {
  readonly content: Uint8Array;
}

export interface RemoteChart {
  /** As a registry holds it: a gzipped tar. */
  readonly archive: Uint8Array;
  /** `sha256:…` of it. */
  readonly digest: string;
}
