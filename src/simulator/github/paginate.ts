/** GitHub's pages: `per_page` 30, at most 100, `page` from 1, and a Link header with first, prev, next and last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

/** `url` is the request's full address with its query. */
export function paginate<T>(all: readonly T[], url: URL): Page<T> {
  const size = Math.min(100, positive(url.searchParams.get('per_page'), 30));
  const page = positive(url.searchParams.get('page'), 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const links = linksOf(page, last).map(([relation, number]) => `<${withPage(url, number)}>; rel="${relation}"`);
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}

function linksOf(page: number, last: number): readonly (readonly [string, number])[] {
  return [
    ...(page > 1 ? ([['prev', Math.min(page - 1, last)]] as const) : []),
    ...(page < last
      ? ([
          ['next', page + 1],
          ['last', last],
        ] as const)
      : []),
    ...(page > 1 ? ([['first', 1]] as const) : []),
  ];
}

function withPage(url: URL, page: number): string {
  const other = new URL(url);
  other.searchParams.set('page', String(page));
  return other.toString();
}

function positive(text: string | null, otherwise: number): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : otherwise;
}
