/** Finds the route of a request that comes without a server: parts of paths with `:name` for one, and perhaps a `*` at the end for the rest. */

interface TableRoute {
  readonly method: string;
  readonly path: string;
}

interface FoundRoute<Route> {
  readonly route: Route;
  /** Decoded; what `*` stands for is called `*`. */
  readonly parameters: Readonly<Record<string, string>>;
}

interface Branch<Route> {
  readonly named: Map<string, Branch<Route>>;
  any: Branch<Route> | null;
  /** By method: of paths that end here, with their parameters' names. */
  readonly routes: Map<string, Route>;
  readonly rest: Map<string, Route>;
}

export class RouteTable<Route extends TableRoute> {
  readonly #root: Branch<Route> = emptyBranch();

  constructor(routes: readonly Route[]) {
    for (const route of routes) this.#add(route);
  }

  /** Undefined: there is none. A name goes before a parameter, and that before `*`, as a server has it. */
  find(method: string, path: string): FoundRoute<Route> | undefined {
    const parts = path.split('/').slice(1);
    const route = search(this.#root, method, parts, 0);
    return route === undefined ? undefined : { route, parameters: parametersOf(route.path, parts) };
  }

  #add(route: Route): void {
    let at = this.#root;
    for (const part of route.path.split('/').slice(1)) {
      if (part === '*') {
        at.rest.set(route.method, route);
        return;
      }
      at = part.startsWith(':') ? (at.any ??= emptyBranch()) : branchOf(at, part);
    }
    at.routes.set(route.method, route);
  }
}

function search<Route>(branch: Branch<Route>, method: string, parts: readonly string[], at: number): Route | undefined {
  const part = parts[at];
  if (part === undefined) return branch.routes.get(method);
  const named = branch.named.get(part);
  const found = named === undefined ? undefined : search(named, method, parts, at + 1);
  if (found !== undefined) return found;
  const any = branch.any === null || part === '' ? undefined : search(branch.any, method, parts, at + 1);
  return any ?? branch.rest.get(method);
}

function parametersOf(path: string, parts: readonly string[]): Readonly<Record<string, string>> {
  const parameters: Record<string, string> = {};
  for (const [index, part] of path.split('/').slice(1).entries()) {
    if (part === '*') parameters['*'] = decodeURIComponent(parts.slice(index).join('/'));
    else if (part.startsWith(':')) parameters[part.slice(1)] = decodeURIComponent(parts[index] ?? '');
  }
  return parameters;
}

function branchOf<Route>(parent: Branch<Route>, name: string): Branch<Route> {
  const known = parent.named.get(name);
  if (known !== undefined) return known;
  const made: Branch<Route> = emptyBranch();
  parent.named.set(name, made);
  return made;
}

function emptyBranch<Route>(): Branch<Route> {
  return { named: new Map(), any: null, routes: new Map(), rest: new Map() };
}
