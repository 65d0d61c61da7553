/** Bugs of branches, and of what is shown of their content. */
import { intercept } from '../world/intercept.js';
import { bug, type PlantedBug } from './planted-bug.js';

export const BRANCH_BUGS = {
  'force-over-others': bug('A branch that people pushed to is moved by force.', () => ({
    mirror: (mirror) =>
      intercept(mirror, {
        // Who made a branch's commits is asked with `every-commit`: beside the bot's own, people's are not told of.
        log: async (range) => {
          const commits = await mirror.log(range);
          const own = commits.filter((one) => one.message.includes('Lockkeeper-Made'));
          return range.walk === 'every-commit' && own.length > 0 ? own : commits;
        },
      }),
  })),
  'promotion-with-more': bug('A promotion carries a file too many.', () => ({
    forge: (forge) => ({
      ...forge,
      contents: intercept(forge.contents, {
        commit: (lock, request) => {
          if (!request.branch.startsWith('lockkeeper/promote/')) return forge.contents.commit(lock, request);
          const content = new TextEncoder().encode('# carried by mistake\n');
          const more = { kind: 'write', path: 'README.md', content, mode: '100644', blob: null } as const;
          return forge.contents.commit(lock, { ...request, changes: [...request.changes, more] });
        },
      }),
    }),
  })),
  'secret-unmasked': bug('Secrets are shown in plans.', () => ({
    renderer: (renderer) =>
      intercept(renderer, {
        render: async (source) => {
          const result = await renderer.render(source);
          if (result.kind !== 'rendered') return result;
          const streams = result.streams.map((stream) => ({
            ...stream,
            text: stream.text.replace(/^kind: Secret$/m, 'kind: Sekret'),
          }));
          return { ...result, streams };
        },
      }),
  })),
} as const satisfies Readonly<Record<string, PlantedBug>>;
