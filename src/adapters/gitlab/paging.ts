/** The most that GitLab gives on one page; Gitbeaker asks for page after page by itself. */
export const LARGE_PAGES = { perPage: 100 } as const;
