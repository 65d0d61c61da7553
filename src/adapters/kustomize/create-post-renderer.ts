/** One kustomization over manifests that are there already, by the real tool: what Flux does with a chart's output. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unreachable } from '../../core/unreachable.js';
import type { PostRenderer, PostRenderRequest, RenderResult } from '../../ports/renderer.js';
import { runTool } from '../tree/run-tool.js';
import { inWorkPlace, type WorkPlace } from '../tree/work-place.js';
import type { KustomizeOptions } from './create-kustomize-renderer.js';
import { INSTALL, rememberKustomize, type KustomizeTool } from './kustomize-tool.js';

export function createPostRenderer(options: KustomizeOptions): PostRenderer {
  const find = options.find ?? rememberKustomize(options.processes);
  return {
    version: async () => (await find())?.version ?? 'none',
    render: async (request) => {
      const found = await find();
      if (found === null) return { kind: 'tool-missing', tool: 'kustomize', install: INSTALL };
      const { temporaryDirectory } = options;
      return inWorkPlace({ tool: 'kustomize', temporaryDirectory }, (place) => build(options, found, request, place));
    },
  };
}

const MANIFESTS = 'manifests.yaml';

async function build(
  { processes, limits }: KustomizeOptions,
  { program, build: words }: KustomizeTool,
  { manifests, kustomization, signal }: PostRenderRequest,
  place: WorkPlace,
): Promise<RenderResult> {
  await writeFile(join(place.tree, MANIFESTS), manifests);
  // JSON is YAML. Its patches stand in it and name no file.
  const whole = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [MANIFESTS],
    ...kustomization,
  };
  await writeFile(join(place.tree, 'kustomization.yaml'), JSON.stringify(whole));
  const args = [...words, '.'];
  const outcome = await runTool({ processes, place, tool: 'kustomize', program, arguments: args, limits, signal });
  switch (outcome.kind) {
    case 'printed':
      return { kind: 'rendered', streams: [{ name: 'kustomize', text: outcome.text }], notes: [] };
    case 'missing':
      return { kind: 'tool-missing', tool: 'kustomize', install: INSTALL };
    case 'failed':
      return { kind: 'failed', file: null, message: outcome.message };
    default:
      return unreachable(outcome);
  }
}
