/** Where each page is: at the addresses that the dialect's API answers name. */

export class PageLinks {
  constructor(readonly dialect: 'github' | 'gitlab') {}

  repository(fullName: string): string {
    return `/${fullName}`;
  }

  pullRequest(fullName: string, number: number): string {
    return this.below(fullName, this.dialect === 'github' ? `pull/${number}` : `merge_requests/${number}`);
  }

  commit(fullName: string, sha: string): string {
    return this.below(fullName, `commit/${sha}`);
  }

  file(fullName: string, ref: string, path: string): string {
    return this.below(fullName, `blob/${encodeURIComponent(ref)}/${path.split('/').map(encodeURIComponent).join('/')}`);
  }

  pipeline(fullName: string, id: number): string {
    return this.below(fullName, `pipelines/${id}`);
  }

  checkRun(fullName: string, id: number): string {
    return this.below(fullName, `runs/${id}`);
  }

  /** The anchor of a comment on its pull request's page. */
  commentAnchor(id: number): string {
    return this.dialect === 'github' ? `issuecomment-${id}` : `note_${id}`;
  }

  /** `#1` on GitHub, `!1` on GitLab. */
  reference(number: number): string {
    return this.dialect === 'github' ? `#${number}` : `!${number}`;
  }

  /** What people of this forge call a pull request. */
  get pullRequestWord(): string {
    return this.dialect === 'github' ? 'pull request' : 'merge request';
  }

  /** GitLab keeps what belongs to a project behind a dash. */
  below(fullName: string, path: string): string {
    return this.dialect === 'github' ? `/${fullName}/${path}` : `/${fullName}/-/${path}`;
  }
}
