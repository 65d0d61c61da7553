/** The seed of the demo, fitted to a configuration: everybody it names exists, and the people of the play are in the teams it names. */
import { demoSeed, type DemoSeedOptions } from '../../simulator/demo-seed.js';
import type { Seed, SeedOrganisation, SeedRepository } from '../../simulator/seed.js';
import { castOf, type Cast } from './cast.js';
import type { DemoStory } from './demo-story.js';

export function seedFor(forge: 'github' | 'gitlab', story: DemoStory, options: DemoSeedOptions): Seed {
  if (story.copyOf === null) return demoSeed(forge, options);
  const cast = castOf(story.configuration);
  const seed = demoSeed(forge, { ...options, copyOf: story.copyOf, defaultBranch: story.script.branch });
  const known = new Set((seed.users ?? []).map(({ login }) => login));
  const newcomers = [...cast.leads, ...cast.users].filter((login) => !known.has(login));
  return {
    ...seed,
    users: [...(seed.users ?? []), ...[...new Set(newcomers)].map((login) => ({ login }))],
    organisations: organisationsWith(seed.organisations ?? [], cast, ownerOf(story)),
    repositories: (seed.repositories ?? []).map((repository) => repositoryWith(repository, story, cast)),
  };
}

/** The account that the repository belongs to. */
export function ownerOf({ script }: DemoStory): string {
  return script.repository.split('/')[0] ?? '';
}

/** `acme/sre` is team `sre` of `acme`; a name without a slash is the organisation or group itself. */
function organisationsWith(given: readonly SeedOrganisation[], cast: Cast, owner: string): readonly SeedOrganisation[] {
  const organisations = new Map([{ login: owner }, ...given].map((each) => [each.login, each]));
  for (const team of cast.teams) {
    const slash = team.indexOf('/');
    const login = slash < 0 ? team : team.slice(0, slash);
    const before = organisations.get(login) ?? { login };
    const teams = slash < 0 ? {} : { [team.slice(slash + 1)]: cast.leads };
    const members = [...new Set([...(before.members ?? []), ...cast.leads])];
    organisations.set(login, { ...before, members, teams: { ...before.teams, ...teams } });
  }
  return [...organisations.values()];
}

function repositoryWith(repository: SeedRepository, story: DemoStory, cast: Cast): SeedRepository {
  const writers = [...cast.leads, ...cast.users].map((login) => [login, cast.permission] as const);
  return {
    ...repository,
    name: story.script.repository,
    description: `A copy of ${story.copyOf ?? ''}`,
    collaborators: { ...repository.collaborators, ...Object.fromEntries(writers) },
  };
}
