/** GitLab's two ways to page a list: by offset (`page`) and by keyset (`cursor`). */

export interface PageRequest {
  /** Full URL of the request, for the `Link` header. */
  readonly url: URL;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

const DEFAULT_PER_PAGE = 20;
const MAXIMUM_PER_PAGE = 100;

function positive(text: string | null, fallback: number): number {
  const value = Number(text ?? '');
  return Number.isInteger(value) && value > 0 ? value : fallback;
}

function link(url: URL, relation: string, changes: Readonly<Record<string, string>>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(changes)) target.searchParams.set(name, value);
  return `<${target.href}>; rel="${relation}"`;
}

/** Cuts one page out of the whole list; 20 a page, at most 100 (https://docs.gitlab.com/api/rest/#pagination). */
export function paginate<T>(all: readonly T[], { url }: PageRequest): Page<T> {
  const perPage = Math.min(positive(url.searchParams.get('per_page'), DEFAULT_PER_PAGE), MAXIMUM_PER_PAGE);
  return url.searchParams.get('pagination') === 'keyset'
    ? keysetPage(all, url, perPage)
    : offsetPage(all, url, perPage);
}

function offsetPage<T>(all: readonly T[], url: URL, perPage: number): Page<T> {
  const page = positive(url.searchParams.get('page'), 1);
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  const size = String(perPage);
  const links = [
    ...(page > 1 ? [link(url, 'prev', { page: String(page - 1), per_page: size })] : []),
    ...(page < pages ? [link(url, 'next', { page: String(page + 1), per_page: size })] : []),
    link(url, 'first', { page: '1', per_page: size }),
    link(url, 'last', { page: String(pages), per_page: size }),
  ];
  return {
    items: all.slice((page - 1) * perPage, page * perPage),
    headers: {
      link: links.join(', '),
      'x-page': String(page),
      'x-per-page': size,
      'x-prev-page': page > 1 ? String(page - 1) : '',
      'x-next-page': page < pages ? String(page + 1) : '',
      'x-total': String(all.length),
      'x-total-pages': String(pages),
    },
  };
}

/** The cursor is opaque to clients; ours counts the items already sent. */
function keysetPage<T>(all: readonly T[], url: URL, perPage: number): Page<T> {
  const start = positive(url.searchParams.get('cursor'), 0);
  const end = start + perPage;
  const headers: Record<string, string> = { 'x-per-page': String(perPage) };
  if (end < all.length) {
    headers['link'] = link(url, 'next', { cursor: String(end), per_page: String(perPage) });
  }
  return { items: all.slice(start, end), headers };
}
