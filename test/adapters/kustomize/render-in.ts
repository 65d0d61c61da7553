/** Renders files with kustomize, and the application that most tests of it change. */
import { createKustomizeRenderer } from '../../../src/adapters/kustomize/create-kustomize-renderer.js';
import type { Processes } from '../../../src/ports/processes.js';
import type { RenderResult } from '../../../src/ports/renderer.js';
import { processes } from '../../contract/git-origin.js';
import type { Files, RenderWorld } from '../../contract/renderer-contract.js';

export interface Choices {
  /** Without it, those of this machine. */
  readonly processes?: Processes;
  /** Without it, the overlay of dev. */
  readonly directory?: string;
}

export function renderIn(world: RenderWorld, files: Files, options: Choices = {}): Promise<RenderResult> {
  const { temporaryDirectory } = world;
  const renderer = createKustomizeRenderer({ processes: options.processes ?? processes, temporaryDirectory });
  return world.render(renderer, files, options.directory ?? 'apps/api/envs/dev');
}

/** What `apps/api/envs/dev/kustomization.yaml` may say. */
export const overlay = (more = ''): string =>
  `resources:\n- ../../base\nimages:\n- name: api\n  newTag: 1.2.3\n${more}`;

/** What an overlay is made on. */
export const base = {
  'apps/api/base/kustomization.yml': 'resources: [deployment.yaml]\n',
  'apps/api/base/deployment.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: api}\nspec: {containers: [{name: api, image: "api:1"}]}\n',
};
