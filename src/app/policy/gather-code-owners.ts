/** What CODEOWNERS of the target branch wants for the changed files, and which people that means. */
import {
  codeOwnersPlaces,
  MAX_CODEOWNERS_BYTES,
  ownerText,
  type CodeOwner,
} from '../../core/codeowners/code-owners.js';
import { ownersOfChange } from '../../core/codeowners/owner-demands.js';
import { parseCodeOwners } from '../../core/codeowners/parse-code-owners.js';
import type { ChangedFiles, OwnedPaths, PolicyFacts } from '../../core/policy/policy-facts.js';
import { loginOfNoreplyAddress } from '../../core/policy/policy-facts.js';
import { unreachable } from '../../core/unreachable.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';

/** Roles do not include one another: https://docs.gitlab.com/user/project/codeowners/reference/#role-eligibility. */
const ROLES = { developer: 'write', maintainer: 'maintain', owner: 'admin' } as const;

/** Lines times files that are compared, at most: a second or two. */
const MOST_COMPARISONS = 20_000_000;

export async function gatherCodeOwners(
  repository: ConfiguredRepository,
  files: ChangedFiles | 'unknown',
  permissions: PolicyFacts['permissions'],
): Promise<PolicyFacts['codeOwners']> {
  if (files === 'unknown' || files.extent === 'some') return 'unknown';
  const { mirror, tip } = repository;
  const { forge } = repository.repository;
  for (const place of codeOwnersPlaces(forge)) {
    const bytes = await mirror.file(tip, place);
    if (bytes === null) continue;
    if (bytes.byteLength > MAX_CODEOWNERS_BYTES) return 'unknown';
    const codeOwners = parseCodeOwners(new TextDecoder().decode(bytes), place, forge);
    const entries = codeOwners.sections.reduce((sum, section) => sum + section.entries.length, 0);
    if (entries * files.paths.length > MOST_COMPARISONS) return 'unknown';
    const { demands } = ownersOfChange(codeOwners, files.paths);
    const meant = new Meant(repository, permissions);
    const owned: OwnedPaths[] = [];
    for (const { section, demand, line, pattern, approvals, owners } of demands) {
      const { people, unreadable } = await meant.by(owners);
      owned.push({ section, demand, line, pattern, approvals, owners: owners.map(ownerText), people, unreadable });
    }
    return owned;
  }
  return [];
}

interface MeantPeople {
  readonly people: readonly string[];
  readonly unreadable: readonly string[];
}

/** Whom owners mean; each team is read once. */
class Meant {
  readonly #teams = new Map<string, Promise<readonly string[] | null>>();

  constructor(
    private readonly repository: ConfiguredRepository,
    private readonly permissions: PolicyFacts['permissions'],
  ) {}

  async by(owners: readonly CodeOwner[]): Promise<MeantPeople> {
    const people = new Set<string>();
    const unreadable: string[] = [];
    for (const owner of owners) {
      const meant = await this.#peopleOf(owner);
      if (meant === null) unreadable.push(ownerText(owner));
      else for (const login of meant) people.add(login);
    }
    return { people: [...people], unreadable };
  }

  async #peopleOf(owner: CodeOwner): Promise<readonly string[] | null> {
    switch (owner.kind) {
      case 'user':
        return [owner.login];
      case 'team':
        return this.#team(owner.team);
      case 'user-or-team':
        // People and groups share one space of names: what is no group that can be read is taken for a person.
        return (await this.#team(owner.name)) ?? [owner.name];
      case 'email': {
        const login = loginOfNoreplyAddress(owner.email, this.repository.repository.forge);
        return login === null ? null : [login];
      }
      case 'role':
        return this.#withRole(owner.role);
      default:
        return unreachable(owner);
    }
  }

  #team(name: string): Promise<readonly string[] | null> {
    const { forge, repository } = this.repository;
    const known = this.#teams.get(name) ?? forge.people.team(repository, name);
    this.#teams.set(name, known);
    return known;
  }

  /** Of those who have spoken: no more are needed to tell what counts. */
  #withRole(role: Extract<CodeOwner, { kind: 'role' }>['role']): readonly string[] {
    return Object.entries(this.permissions).flatMap(([login, held]) => (held === ROLES[role] ? [login] : []));
  }
}
