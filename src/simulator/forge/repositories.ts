/** Making repositories, empty with files or as a copy, and finding those that somebody sees. */
import { join } from 'node:path';
import { GitRepository } from '../git/git-repository.js';
import type { ForgeState } from './forge-state.js';
import type { People } from './people.js';
import type { Outcome } from './refusal.js';
import { done, notFound, refused } from './refusal.js';
import type { Repository, RepositorySettings, Webhook } from './state.js';

interface NewRepository {
  readonly owner: string;
  readonly name: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  readonly settings?: Partial<RepositorySettings>;
  readonly content:
    | {
        readonly kind: 'files';
        readonly files: Readonly<Record<string, string>>;
        readonly author: string;
        readonly message?: string;
      }
    /** Branches and tags of a git repository on this machine. */
    | { readonly kind: 'copy'; readonly path: string };
}

const defaultSettings: RepositorySettings = {
  mergeMethods: ['merge', 'squash', 'rebase'],
  deleteBranchOnMerge: false,
  pipelinesMustSucceed: false,
  pipelineJobs: [],
  resetApprovalsOnPush: false,
  semiLinear: false,
};

export class Repositories {
  constructor(
    private readonly state: ForgeState,
    private readonly people: People,
  ) {}

  /** Emits nothing: a repository that the seed makes has no history of events. */
  async create(wanted: NewRepository): Promise<Outcome<Repository>> {
    const fullName = `${wanted.owner}/${wanted.name}`;
    if (this.state.repositories.has(fullName)) {
      return refused({
        kind: 'already-exists',
        resource: 'Repository',
        message: 'name already exists on this account',
      });
    }
    if (!this.state.organisations.has(wanted.owner) && !this.state.users.has(wanted.owner)) return notFound('owner');
    const defaultBranch = wanted.defaultBranch ?? (await this.defaultBranchFor(wanted)) ?? 'main';
    const now = this.state.now();
    this.state.addGit(fullName, await this.createGit(fullName, wanted, defaultBranch));
    const repository: Repository = {
      id: this.state.nextId(),
      owner: wanted.owner,
      name: wanted.name,
      fullName,
      description: wanted.description ?? '',
      private: wanted.private ?? true,
      defaultBranch,
      collaborators: new Map(),
      protections: [],
      labels: [],
      settings: { ...defaultSettings, ...wanted.settings },
      createdAt: now,
      pushedAt: now,
    };
    this.state.repositories.set(fullName, repository);
    return done(repository);
  }

  /** The copy of a repository under the account of somebody who may read it. Nobody but that account may push to it. */
  async fork(fullName: string, actor: string): Promise<Outcome<Repository>> {
    const found = this.visible(fullName, actor);
    if (!found.ok) return found;
    const { name, description, private: hidden, defaultBranch } = found.value;
    const content = { kind: 'copy', path: this.state.git(fullName).directory } as const;
    const made = await this.create({ owner: actor, name, description, private: hidden, defaultBranch, content });
    if (!made.ok) return made;
    const fork: Repository = { ...made.value, forkOf: fullName };
    this.state.repositories.set(fork.fullName, fork);
    return done(fork);
  }

  get(fullName: string): Outcome<Repository> {
    return this.state.repository(fullName);
  }

  byId(id: number): Outcome<Repository> {
    const found = [...this.state.repositories.values()].find((one) => one.id === id);
    return found === undefined ? notFound('repository') : done(found);
  }

  /** The repository, when this login may see it. */
  visible(fullName: string, login: string): Outcome<Repository> {
    const allowed = this.people.require(fullName, login, 'read');
    return allowed.ok ? this.state.repository(fullName) : allowed;
  }

  visibleTo(login: string): readonly Repository[] {
    return [...this.state.repositories.values()].filter((one) => this.people.accessTo(one.fullName, login) !== 'none');
  }

  setSettings(fullName: string, settings: Partial<RepositorySettings>): Outcome<Repository> {
    const found = this.state.repository(fullName);
    if (!found.ok) return found;
    const changed = { ...found.value, settings: { ...found.value.settings, ...settings } };
    this.state.repositories.set(fullName, changed);
    return done(changed);
  }

  addWebhook(webhook: Omit<Webhook, 'id' | 'createdAt' | 'active'>): Outcome<Webhook> {
    if (!this.state.repositories.has(webhook.repository)) return notFound('repository');
    const added: Webhook = { ...webhook, id: this.state.nextId(), active: true, createdAt: this.state.now() };
    this.state.webhooks.set(added.id, added);
    return done(added);
  }

  webhooksOf(fullName: string): readonly Webhook[] {
    return [...this.state.webhooks.values()].filter((one) => one.repository === fullName && one.active);
  }

  private async defaultBranchFor({ content }: NewRepository): Promise<string | undefined> {
    return content.kind === 'copy' ? GitRepository.defaultBranchOf(content.path) : undefined;
  }

  private async createGit(fullName: string, wanted: NewRepository, defaultBranch: string): Promise<GitRepository> {
    const directory = join(this.state.options.dataDirectory, `${fullName}.git`);
    if (wanted.content.kind === 'copy') return GitRepository.copy(wanted.content.path, directory, defaultBranch);
    const user = this.state.users.get(wanted.content.author);
    const { name = 'seed', email = 'seed@forge.test' } = user ?? {};
    return GitRepository.withFiles(directory, {
      branch: defaultBranch,
      author: { name, email, date: this.state.now() },
      message: wanted.content.message ?? 'Start the configuration repository\n',
      files: wanted.content.files,
    });
  }
}
