/** What every forge tells of repositories. */
import { describe, expect, it } from 'vitest';
import { countRequests } from '../count-requests.js';
import { seed } from '../forge-harness.js';
import { defaultBranch, missing, type Here } from './here.js';

export function repositories(here: Here): void {
  describe('repositories', () => {
    it('lists what the bot was given and nothing else', async () => {
      expect(await here().forge.repositories.list()).toEqual([here().repository]);
    });

    it('describes one', async () => {
      const facts = await here().forge.repositories.facts(here().repository);
      expect(facts).toMatchObject({ repository: here().repository, defaultBranch });
      expect(facts?.webUrl).toMatch(/^http.*acme\/config$/);
      expect(here().forge.commitUrl(facts!, missing)).toMatch(new RegExp(`^${facts?.webUrl}/.*commit/${missing}$`));
    });

    it('describes one once in a job, and anew in the next', async () => {
      const { forge, repository } = here();
      const facts = await forge.repositories.facts(repository);
      const requests = countRequests(facts?.webUrl ?? '');
      const job = forge.afresh();
      expect(await job.repositories.facts(repository)).toEqual(facts);
      expect(await job.repositories.facts(repository)).toEqual(facts);
      expect(await job.afresh().repositories.facts(repository)).toEqual(facts);
      await forge.repositories.facts(repository);
      await forge.repositories.facts(repository);
      expect(requests.end()).toBe(4);
    });

    it('says null for one that is hidden and one that is not there', async () => {
      const { forge, repository } = here();
      expect(await forge.repositories.facts({ ...repository, path: seed.hidden })).toBeNull();
      expect(await forge.repositories.facts({ ...repository, path: 'acme/nothing' })).toBeNull();
    });

    it('gives credentials with which git may read, and a clone URL without any', async () => {
      const { forge, repository } = here();
      const facts = await forge.repositories.facts(repository);
      const { username, password } = await forge.repositories.credentials(repository);
      const url = `${facts?.cloneUrl}/info/refs?service=git-upload-pack`;
      expect(facts?.cloneUrl).not.toContain('@');
      const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      expect((await fetch(url)).status).toBe(401);
      expect((await fetch(url, { headers: { authorization } })).status).toBe(200);
    });
  });
}
