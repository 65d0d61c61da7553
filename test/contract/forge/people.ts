/** What every forge tells of people. */
import { describe, expect, it } from 'vitest';
import { seed } from '../forge-harness.js';
import type { Here } from './here.js';

export function people(here: Here): void {
  describe('people', () => {
    it('knows itself as the author of what it writes', async () => {
      expect((await here().forge.people.self()).login).toBe(here().botLogin);
    });

    it('says what everybody may do, nothing for strangers', async () => {
      const { forge, repository } = here();
      for (const [login, permission] of Object.entries(seed.people))
        expect([login, await forge.people.permission(repository, login)]).toEqual([login, permission]);
      expect(await forge.people.permission(repository, 'nobody-of-that-name')).toBe('none');
    });

    it('sees a change at once', async () => {
      const { forge, repository } = here();
      expect(await forge.people.permission(repository, 'dan')).toBe('read');
      here().setPermission('dan', 'write');
      expect(await forge.people.permission(repository, 'dan')).toBe('write');
      here().setPermission('dan', 'none');
      expect(await forge.people.permission(repository, 'dan')).toBe('none');
    });

    it('lists the members of a team, and says null for what is none', async () => {
      const { forge, repository } = here();
      const members = await forge.people.team(repository, seed.team.path);
      expect([...(members ?? [])].sort()).toEqual(seed.team.members);
      expect(await forge.people.team(repository, 'acme/unheard-of')).toBeNull();
    });
  });
}
