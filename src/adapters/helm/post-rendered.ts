/** What a chart makes after its release's post-renderers, one after another. */
import type { PostRendering } from '../../core/plan/helm/chart-release.js';
import { splitRendering } from '../../core/plan/helm/split-rendering.js';
import type { PostRenderer, RenderResult } from '../../ports/renderer.js';

export async function postRendered(
  postRenderer: PostRenderer,
  made: Extract<RenderResult, { kind: 'rendered' }>,
  request: { readonly postRenderers: readonly PostRendering[]; readonly signal?: AbortSignal | undefined },
): Promise<RenderResult> {
  const { postRenderers, signal } = request;
  if (postRenderers.length === 0) return made;
  const { rendered, apart } = splitRendering(made.streams.map(({ text }) => text).join('\n'));
  if (rendered === '') return made;
  let manifests = rendered;
  for (const kustomization of postRenderers) {
    const next = await postRenderer.render({ manifests, kustomization, ...(signal === undefined ? {} : { signal }) });
    if (next.kind === 'failed') return { ...next, message: `post-renderer: ${next.message}` };
    if (next.kind === 'tool-missing') return next;
    manifests = next.streams.map(({ text }) => text).join('---\n');
  }
  const name = made.streams[0]?.name ?? 'helm';
  return { ...made, streams: [{ name, text: `${manifests}${apart}` }] };
}
