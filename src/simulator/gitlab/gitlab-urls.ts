/** Where things are on the simulated GitLab: pages, git and API, all under one root URL. */

export class GitlabUrls {
  /** Asked anew each time: the port is known only once the server listens. */
  constructor(private readonly rootUrl: () => string) {}

  /** Without a slash at the end, as `http://127.0.0.1:4000`. */
  get root(): string {
    return this.rootUrl().replace(/\/+$/, '');
  }

  user(login: string): string {
    return `${this.root}/${login}`;
  }

  group(fullPath: string): string {
    return `${this.root}/groups/${fullPath}`;
  }

  project(fullName: string): string {
    return `${this.root}/${fullName}`;
  }

  git(fullName: string): string {
    return `${this.root}/${fullName}.git`;
  }

  mergeRequest(fullName: string, iid: number): string {
    return `${this.project(fullName)}/-/merge_requests/${iid}`;
  }

  note(fullName: string, iid: number, noteId: number): string {
    return `${this.mergeRequest(fullName, iid)}#note_${noteId}`;
  }

  commit(fullName: string, sha: string): string {
    return `${this.project(fullName)}/-/commit/${sha}`;
  }

  tree(fullName: string, ref: string): string {
    return `${this.project(fullName)}/-/tree/${ref}`;
  }

  pipeline(fullName: string, id: number): string {
    return `${this.project(fullName)}/-/pipelines/${id}`;
  }

  job(fullName: string, id: number): string {
    return `${this.project(fullName)}/-/jobs/${id}`;
  }

  api(path: string): string {
    return `${this.root}/api/v4/${path}`;
  }
}
