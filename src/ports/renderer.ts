/** Makes manifests of a target's directory. Rendering runs on hostile content: adapters cap time, memory and output. */
import type { Sha } from '../core/ids.js';
import type { Mirror } from './repository.js';

export interface RenderSource {
  readonly mirror: Mirror;
  /** Tree of the whole repository. */
  readonly tree: Sha;
  /** The target's directory from the top of the repository. */
  readonly directory: string;
}

/** YAML as a tool printed it or a file holds it; `name` is the file, or the tool's name. May hold several documents. */
export interface ManifestStream {
  readonly name: string;
  readonly text: string;
}

export type RenderResult =
  | { readonly kind: 'rendered'; readonly streams: readonly ManifestStream[] }
  /** `message`: the tool's own words, capped; `file` where it is known. */
  | { readonly kind: 'failed'; readonly message: string; readonly file: string | null }
  | { readonly kind: 'tool-missing'; readonly tool: string; readonly install: string };

export interface Renderer {
  readonly name: 'plain' | 'kustomize';
  /** Part of what a rendering depends on: tool and version. */
  version(): Promise<string>;
  render(source: RenderSource): Promise<RenderResult>;
}
