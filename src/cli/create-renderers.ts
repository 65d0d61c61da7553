/** Every renderer, as a program's settings allow them. */
import { createCommandRenderer, type RenderCommands } from '../adapters/command/create-command-renderer.js';
import { createHelm, createHelmRenderer } from '../adapters/helm/create-helm-renderer.js';
import { withVendoredCharts } from '../adapters/helm/with-vendored-charts.js';
import { createKustomizeRenderer } from '../adapters/kustomize/create-kustomize-renderer.js';
import { createPostRenderer } from '../adapters/kustomize/create-post-renderer.js';
import { rememberKustomize } from '../adapters/kustomize/kustomize-tool.js';
import { createPlainRenderer } from '../adapters/plain/create-plain-renderer.js';
import { createTerraformRenderer } from '../adapters/terraform/create-terraform-renderer.js';
import type { Fingerprint } from '../core/plan/mask.js';
import type { AllowedPlace } from '../core/plan/remote/allowance.js';
import type { Processes } from '../ports/processes.js';
import type { RemoteSources } from '../ports/remote-sources.js';
import type { Renderer } from '../ports/renderer.js';

/** What may be run on a pull request's content beside kustomize and helm. */
export interface RenderSettings {
  readonly commands: RenderCommands;
  /** Whether `terraform plan` may be run, and where its providers lie. */
  readonly terraformPlan: 'refused' | { readonly providers: string | null };
  /** From where remote bases and charts may be fetched. */
  readonly remoteSources: readonly AllowedPlace[];
}

export const NOTHING_MORE: RenderSettings = { commands: {}, terraformPlan: 'refused', remoteSources: [] };

export function createRenderers(options: {
  readonly processes: Processes;
  readonly fingerprint: Fingerprint;
  readonly settings: RenderSettings;
  /** What `settings.remoteSources` gives; nothing is fetched when absent. */
  readonly remotes?: RemoteSources | undefined;
}): readonly Renderer[] {
  const { processes, fingerprint, settings, remotes } = options;
  const helm = createHelm({ processes, remotes });
  const find = rememberKustomize(processes);
  const tools = { helm, postRenderer: createPostRenderer({ processes, find }) };
  return [
    withVendoredCharts(createPlainRenderer(), tools),
    withVendoredCharts(createKustomizeRenderer({ processes, remotes, find }), tools),
    createHelmRenderer(helm),
    createTerraformRenderer({ processes, fingerprint, plan: settings.terraformPlan }),
    createCommandRenderer({ processes, commands: settings.commands }),
  ];
}
