/** From a name that a person typed to an environment of the configuration. */
import { nearestName } from '../command/nearest-name.js';
import type { EnvironmentRules } from '../configuration.js';

export type ResolvedEnvironment =
  | { readonly kind: 'found'; readonly environment: EnvironmentRules }
  | {
      readonly kind: 'unknown';
      readonly typed: string;
      readonly suggestion: string | null;
      readonly known: readonly string[];
    };

/** Exactly as written first; else with letter case forgiven where that leaves one. */
export function resolveEnvironment(typed: string, environments: readonly EnvironmentRules[]): ResolvedEnvironment {
  const exact = environments.find(({ name }) => name === typed);
  if (exact !== undefined) return { kind: 'found', environment: exact };
  const alike = environments.filter(({ name }) => name.toLowerCase() === typed.toLowerCase());
  const [only] = alike;
  if (only !== undefined && alike.length === 1) return { kind: 'found', environment: only };
  const known = environments.map(({ name }) => name);
  return { kind: 'unknown', typed, suggestion: nearestName(typed, known), known };
}
