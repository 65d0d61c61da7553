/** Accounts, permissions and teams of GitHub. */
import type { Permission, Person } from '../../core/forge-objects.js';
import type { RepositoryId } from '../../core/ids.js';
import type { People } from '../../ports/people.js';
import { ask, askOrNull, placeOf, type Clients } from './client.js';
import { answered, problemOf } from './errors.js';
import { permissionFrom, personFrom } from './from-github.js';

export class GithubPeople implements People {
  private me: Person | null = null;

  constructor(private readonly clients: Clients) {}

  /** Does not change while the program runs, so it is asked once. */
  async self(): Promise<Person> {
    this.me ??= await ask('say who the bot is', async () => {
      const client = await this.clients.self();
      if (this.clients.kind === 'token') return personFrom((await client.rest.users.getAuthenticated()).data);
      const { data } = await client.rest.apps.getAuthenticated();
      if (data === null || data.slug === undefined) throw new Error('GitHub does not name the App');
      return { login: `${data.slug}[bot]`, kind: 'bot' };
    });
    return this.me;
  }

  async permission(repository: RepositoryId, login: string): Promise<Permission> {
    const answer = await askOrNull(`say what ${login} may do in ${repository.path}`, async () => {
      const client = await this.clients.of(repository);
      return client.rest.repos.getCollaboratorPermissionLevel({ ...placeOf(repository), username: login });
    });
    return answer === null ? 'none' : permissionFrom(answer.data);
  }

  /** `organisation/slug`. Members of child teams are in GitHub's answer. A team that may not be read is as one that is not there. */
  async team(repository: RepositoryId, team: string): Promise<readonly string[] | null> {
    const [org = '', slug = '', ...rest] = team.split('/');
    if (org === '' || slug === '' || rest.length > 0) return null;
    const client = await ask(`list the members of ${team}`, () => this.clients.of(repository));
    try {
      const query = { org, team_slug: slug, per_page: 100 };
      return (await client.paginate(client.rest.teams.listMembersInOrg, query)).map((one) => one.login);
    } catch (error) {
      const problem = problemOf(`list the members of ${team}`, error, Date.now());
      if (problem.name !== 'Unavailable' && (answered(error, 403) || answered(error, 404))) return null;
      throw problem;
    }
  }
}
