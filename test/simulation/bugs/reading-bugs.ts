/** Bugs of what rules a repository, and is not read, or only once: requirements, configuration, freezes. */
import { intercept } from '../world/intercept.js';
import { bug, type PlantedBug } from './planted-bug.js';

export const READING_BUGS = {
  'requirements-unread': bug('What protections and rulesets require is not read.', () => ({
    forge: (forge) => ({
      ...forge,
      checks: intercept(forge.checks, { required: async () => ({ names: [], extent: 'named-only' }) }),
    }),
  })),
  'configuration-remembered': bug('The configuration that was read first holds, whatever is merged since.', () => {
    let first: Uint8Array | null = null;
    return {
      mirror: (mirror) =>
        intercept(mirror, {
          file: async (tree, path) =>
            path === '.lockkeeper.yaml' ? (first ??= await mirror.file(tree, path)) : mirror.file(tree, path),
        }),
    };
  }),
  'freezes-unread': bug('What was frozen is not read.', () => ({
    cache: (cache) => intercept(cache, { get: async (key) => (key.startsWith('freezes:') ? null : cache.get(key)) }),
    mirror: (mirror) =>
      intercept(mirror, {
        file: async (tree, path) => (path === 'lockkeeper-freezes.json' ? null : mirror.file(tree, path)),
      }),
  })),
} as const satisfies Readonly<Record<string, PlantedBug>>;
