/** Somebody with a browser that has no scripts: loads pages, fills in the forms that are on them, keeps cookies. */

export interface LoadedPage {
  readonly status: number;
  /** Where redirects ended. */
  readonly path: string;
  readonly html: string;
  /** What is in the box that says why something was refused. */
  readonly alert: string | undefined;
}

function decode(text: string): string {
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => names[name] ?? '');
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : decode(found);
}

/** What a form sends that the person leaves as it is: hidden and filled inputs, and the chosen options. */
function filledIn(form: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = attribute(tag, 'name');
    if (name !== undefined) fields.set(name, attribute(tag, 'value') ?? '');
  }
  for (const [select = '', tag = '', options = ''] of form.matchAll(/(<select[^>]*>)([\s\S]*?)<\/select>/g)) {
    const name = attribute(tag, 'name');
    const option = /<option[^>]*selected[^>]*>/.exec(options)?.[0] ?? /<option[^>]*>/.exec(options)?.[0] ?? '';
    if (name !== undefined && select !== '') {
      const words = /<option[^>]*>\s*([^<]*?)\s*</.exec(options)?.[1] ?? '';
      fields.set(name, attribute(option, 'value') ?? decode(words));
    }
  }
  return fields;
}

export class Visitor {
  private cookie = '';
  private current: LoadedPage = { status: 0, path: '/', html: '', alert: undefined };

  constructor(private readonly url: string) {}

  get page(): LoadedPage {
    return this.current;
  }

  async open(path: string): Promise<LoadedPage> {
    return this.load(path, { method: 'GET' });
  }

  /** Sends the form of the open page whose address ends so; throws when there is none. */
  async submit(action: string, wish: Readonly<Record<string, string>> = {}): Promise<LoadedPage> {
    const forms = [...this.current.html.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)];
    const form = forms.find(([, address = '']) => address.endsWith(`/${action}`));
    if (form === undefined) throw new Error(`there is no form ${action} on ${this.current.path}`);
    const fields = filledIn(form[2] ?? '');
    for (const [name, value] of Object.entries(wish)) fields.set(name, value);
    return this.load(decode(form[1] ?? ''), { method: 'POST', body: new URLSearchParams([...fields]) });
  }

  async actAs(login: string): Promise<LoadedPage> {
    return this.submit('acting-as', { login });
  }

  private async load(path: string, request: RequestInit): Promise<LoadedPage> {
    const answer = await fetch(`${this.url}${path}`, {
      ...request,
      redirect: 'manual',
      headers: { cookie: this.cookie, origin: this.url },
    });
    const cookie = answer.headers.get('set-cookie');
    if (cookie !== null) this.cookie = cookie.split(';')[0] ?? '';
    const location = answer.headers.get('location');
    if (answer.status === 303 && location !== null) return this.open(location.split('#')[0] ?? '/');
    const html = await answer.text();
    const alert = /role="alert">\s*<p>([\s\S]*?)<\/p>/.exec(html)?.[1];
    const words = alert === undefined ? undefined : decode(alert).replace(/\s+/g, ' ').trim();
    this.current = { status: answer.status, path, html, alert: words };
    return this.current;
  }
}
