/** Makes manifests of a target's directory. Rendering runs on hostile content: adapters cap time, memory and output. */
import type { HelmRules } from '../core/configuration.js';
import type { Sha, TargetName } from '../core/ids.js';
import type { Closure } from '../core/plan/dependencies/closure.js';
import type { RendererName } from '../core/plan/detect-renderer.js';
import type { PostRendering } from '../core/plan/helm/chart-release.js';
import type { Mirror } from './repository.js';

export interface RenderSource {
  readonly mirror: Mirror;
  /** Tree of the whole repository. */
  readonly tree: Sha;
  /** The target's directory from the top of the repository. */
  readonly directory: string;
  /** Whose directory it is: stands for `{app}` and `{env}`. */
  readonly target: TargetName;
  /** How charts are found; by convention when absent. */
  readonly helm?: HelmRules;
  /** Which of the server's commands `render: { command: … }` names. */
  readonly command?: string;
  /** Ends the rendering: its result is no longer wanted. */
  readonly signal?: AbortSignal;
}

/** YAML as a tool printed it or a file holds it; `name` is the file, the tool's name or the release's. May hold several documents. */
export interface ManifestStream {
  readonly name: string;
  readonly text: string;
}

export type RenderResult =
  | {
      readonly kind: 'rendered';
      readonly streams: readonly ManifestStream[];
      /** What the streams do not show, in sentences without a full stop: a chart that is not in the repository. */
      readonly notes: readonly string[];
    }
  /** `message`: the tool's own words, capped; `file`, and a line of it from 1, where they are known. */
  | { readonly kind: 'failed'; readonly message: string; readonly file: string | null; readonly line?: number | null }
  | { readonly kind: 'tool-missing'; readonly tool: string; readonly install: string };

export interface Renderer {
  readonly name: RendererName;
  /** Part of what a rendering depends on: tool and version. */
  version(): Promise<string>;
  render(source: RenderSource): Promise<RenderResult>;
  /** All that rendering this rests on in the tree; more is fine, less is not. Absent: the whole repository. */
  reads?(source: RenderSource): Promise<Closure>;
}

/** Changes manifests that were rendered, as a kustomization over them does. */
export interface PostRenderer {
  version(): Promise<string>;
  render(request: PostRenderRequest): Promise<RenderResult>;
}

export interface PostRenderRequest {
  /** YAML, of one document or several. */
  readonly manifests: string;
  readonly kustomization: PostRendering;
  readonly signal?: AbortSignal;
}
