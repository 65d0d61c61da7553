/** Where things are on the simulated GitHub: the API under `/api/v3` as on GitHub Enterprise, pages and git at the root. */
export class GithubUrls {
  constructor(private readonly origin: () => string) {}

  /** An API address; `path` has no slash at the start. */
  api(path: string): string {
    return `${this.origin()}/api/v3/${path}`;
  }

  html(path: string): string {
    return `${this.origin()}/${path}`;
  }

  /** API address of something in a repository. */
  repository(fullName: string, path = ''): string {
    return this.api(`repos/${fullName}${path === '' ? '' : `/${path}`}`);
  }
}
