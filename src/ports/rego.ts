/** Policies that a repository writes in Rego: run on hostile input and by hostile authors, without network, files, clock or chance. */
import type { RegoModule, RegoOutcome } from '../core/rego/rego.js';

export interface RegoRequest {
  /** Sources for one that reads Rego, compiled policies for one that runs those. */
  readonly modules: readonly RegoModule[];
  /** What policies see as `input`; must be JSON. */
  readonly input: unknown;
}

export interface Rego {
  /** Part of what an outcome depends on; null where there is nothing to run policies with. */
  version(): Promise<string | null>;
  /** The same for the same request. */
  evaluate(request: RegoRequest): Promise<RegoOutcome>;
}
