/**
 * Time of a page by `html` beside eta, which escapes as well but knows no context: `npm run bench -- html`.
 * @module
 */
import assert from 'node:assert/strict';
import { Eta } from 'eta';
import { attr, html } from '@dewar/core/html';
import type { Html } from '@dewar/core/html';

/** Many short rounds: on a busy machine some of them are left alone, and the minimum finds those. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 1000);
const ROUND_MS = 2;
const WARM_MS = 500;
/** `html` may take at most so many times eta's time. */
const BUDGET = 1.3;

interface Row {
  readonly id: number;
  readonly subject: string;
  readonly owner: string;
  readonly status: string;
}

interface Data {
  readonly title: string;
  readonly name: string;
  readonly token: string;
  readonly rows: readonly Row[];
}

/** Subjects as people write them: one in four holds something to escape. */
const rows: readonly Row[] = Array.from({ length: 100 }, (_, id) => ({
  id: id + 1000,
  subject: id % 4 === 0 ? `"Order" <${id}> isn't here & now` : `Where is my order number ${id}?`,
  owner: `person-${id}@example.com`,
  status: id % 3 === 0 ? 'closed' : 'open',
}));
const data: Data = { title: 'Your tickets', name: "O'Neill & sons", token: 'dG9rZW4'.repeat(9), rows };

const LOREM = 'The answer to most questions is in the handbook, which every colleague can read and change. '.repeat(14);

const page = ({ title, name, token }: Data): Html => html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title><link rel="stylesheet" href="/assets/desk.css"></head>
<body>
<nav><a href="/tickets/${title}" ${attr('aria-current', 'page')}>${title}</a><a href="/account">${name}</a></nav>
<h1>${title}</h1>
<form method="post" action="/tickets"><input type="hidden" name="_csrf" value="${token}">
<label for="name">Name</label><input id="name" name="name" value="${name}"><button>Save</button></form>
<p>Hello ${name}, this is ${title}.</p><p>${LOREM}</p>
</body>
</html>`;

const table = ({ rows: list }: Data): Html => html`<table>
${list.map(
  (
    row,
  ) => html`<tr><td><a href="/tickets/${row.id}">${row.id}</a></td><td>${row.subject}</td><td>${row.owner}</td><td class="${row.status}">${row.status}</td></tr>
`,
)}</table>`;

const eta = new Eta({ autoEscape: true, useWith: false, varName: 'it' });
const etaPage = eta.compile(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title><%= it.title %></title><link rel="stylesheet" href="/assets/desk.css"></head>
<body>
<nav><a href="/tickets/<%= encodeURIComponent(it.title) %>"  aria-current="page"><%= it.title %></a><a href="/account"><%= it.name %></a></nav>
<h1><%= it.title %></h1>
<form method="post" action="/tickets"><input type="hidden" name="_csrf" value="<%= it.token %>">
<label for="name">Name</label><input id="name" name="name" value="<%= it.name %>"><button>Save</button></form>
<p>Hello <%= it.name %>, this is <%= it.title %>.</p><p><%= it.lorem %></p>
</body>
</html>`);
const etaTable = eta.compile(
  `<table>\n<% for (const row of it.rows) { %><tr><td><a href="/tickets/<%= row.id %>"><%= row.id %></a></td><td><%= row.subject %></td><td><%= row.owner %></td><td class="<%= row.status %>"><%= row.status %></td></tr>\n<% } %></table>`,
);

const withLorem = { ...data, lorem: LOREM };
const buffer = Buffer.alloc(1 << 16);

interface Case {
  readonly name: string;
  readonly html: () => string;
  readonly eta: () => string;
}

const CASES: readonly Case[] = [
  { name: 'page of 2 KB', html: () => String(page(data)), eta: () => eta.render(etaPage, withLorem) },
  { name: 'table of 100 rows × 4', html: () => String(table(data)), eta: () => eta.render(etaTable, data) },
];

/** Nanoseconds a render, written into a buffer as a response is. */
function measure(render: () => string, ms: number = ROUND_MS): number {
  let renders = 0;
  const start = process.hrtime.bigint();
  const end = start + BigInt(ms) * 1_000_000n;
  let now = start;
  while (now < end) {
    for (let i = 0; i < 20; i++) buffer.write(render());
    renders += 20;
    now = process.hrtime.bigint();
  }
  return Number(now - start) / renders;
}

let worst = 0;
for (const one of CASES) {
  const plain = (text: string): string => text.replaceAll('&#39;', "'").replaceAll(/\s+/g, ' ');
  assert.equal(plain(one.html()), plain(one.eta()), 'both render the same page');
  measure(one.html, WARM_MS);
  measure(one.eta, WARM_MS);
  const times = { html: [] as number[], eta: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.html.push(measure(one.html));
    times.eta.push(measure(one.eta));
  }
  const [own, other] = [Math.min(...times.html), Math.min(...times.eta)];
  worst = Math.max(worst, own / other);
  console.log(
    `${one.name} (${Buffer.byteLength(one.html())} bytes): html ${own.toFixed(0)} ns, eta ${other.toFixed(0)} ns, ratio ${(own / other).toFixed(2)}`,
  );
}
console.log(`minima of ${ROUNDS} interleaved rounds; at most ${BUDGET} is allowed`);
if (worst > BUDGET) process.exitCode = 1;
