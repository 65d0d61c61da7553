/** Which installation of the App covers a repository, remembered for ten minutes: installing and removing are rare, requests are not. */
import { repositoryKey, type Instant, type RepositoryId } from '../../core/ids.js';
import { answered, problemOf } from './errors.js';

const rememberedFor = 10 * 60_000;

type LookUp = (place: {
  readonly owner: string;
  readonly repo: string;
}) => Promise<{ readonly data: { readonly id: number } }>;

export class InstallationIds {
  private readonly known = new Map<string, { readonly id: number; readonly until: Instant }>();

  constructor(private readonly lookUp: LookUp) {}

  /** Null: none covers it. That is not remembered, so that a new installation works at once. */
  async of(repository: RepositoryId): Promise<number | null> {
    const key = repositoryKey(repository);
    const known = this.known.get(key);
    if (known !== undefined && known.until > Date.now()) return known.id;
    const [owner = '', repo = ''] = repository.path.split('/');
    try {
      const { data } = await this.lookUp({ owner, repo });
      this.known.set(key, { id: data.id, until: Date.now() + rememberedFor });
      return data.id;
    } catch (error) {
      this.known.delete(key);
      if (answered(error, 404)) return null;
      throw problemOf(`say which installation covers ${repository.path}`, error, Date.now());
    }
  }
}
