import type { Simulator } from '../simulator';

const escaped = (value: unknown) =>
	String(value ?? '').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A point in time, which the page shows in the zone of whoever looks at it. */
class Time {
	constructor(readonly html: string) {}
}

const time = (value: string | Date) => {
	const iso = new Date(value).toISOString();
	return new Time(`<time datetime="${iso}">${iso}</time>`);
};

function table(title: string, heads: string[], rows: unknown[][]): string {
	const cells = (tag: string, values: unknown[]) =>
		values
			.map((value) => `<${tag}>${value instanceof Time ? value.html : escaped(value)}</${tag}>`)
			.join('');
	const body = rows
		.map((row) => `<tr class="${escaped(row[0])}">${cells('td', row)}</tr>`)
		.join('');
	return `<h2>${title}</h2><table><tr>${cells('th', heads)}</tr>${body}</table>`;
}

/** The newest rows that a page shows. */
const SHOWN = 100;

function texted(close: Simulator): string {
	const people = new Map(
		Object.values(close.account.contacts).flatMap((one) =>
			one.phones.map(({ phone }) => [phone, one.name]),
		),
	);
	const newest = close.texted.slice(-SHOWN).reverse();
	return table(
		`Texted, had this been the real Close: ${close.texted.length}`,
		['To', 'Name', 'Times', 'Message', 'When'],
		newest.map((one) => [
			one.remotePhone,
			people.get(one.remotePhone),
			close.timesTexted(one.remotePhone),
			one.text,
			time(one.at),
		]),
	);
}

function activities(close: Simulator): string {
	return table(
		'SMS activities',
		[
			'Status',
			'Direction',
			'Recipient or sender',
			'Our number',
			'Message',
			'Scheduled',
			'Error',
			'ID',
		],
		close
			.allSms()
			.slice(0, SHOWN)
			.map((one) => [
				one.status,
				one.direction,
				one.remote_phone,
				one.local_phone,
				one.text,
				one.date_scheduled ? time(one.date_scheduled) : '',
				one.error_message,
				one.id,
			]),
	);
}

function requests(close: Simulator): string {
	const newest = close.requests.slice(-20).reverse();
	return table(
		'Latest requests',
		['Method', 'Path', 'Answer'],
		newest.map((one) => [one.method, one.path, one.status]),
	);
}

/** What the page shows and renews. */
export const tables = (close: Simulator): string =>
	[texted(close), activities(close), requests(close)].join('');

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%;font-size:.85rem}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}
td:last-child{color:#777;overflow-wrap:anywhere}.draft td:first-child{color:#777}.scheduled td:first-child{color:#06c}.sent td:first-child{color:#080}.error td:first-child{color:#c00}
form{display:inline-block;margin:0 1rem 1rem 0}code{background:#f3f3f3;padding:.1rem .3rem}`;

const SCRIPT = `const post = (path, body = {}) => fetch('/simulator/' + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }).then(renew);
let shown = '';
const localTimes = () => { for (const one of document.querySelectorAll('time')) one.textContent = new Date(one.dateTime).toLocaleString(); };
const isSelecting = () => String(getSelection()) !== '';
const renew = async () => {
	const tables = await (await fetch('/simulator/tables')).text();
	if (tables === shown || isSelecting()) return;
	shown = tables;
	document.querySelector('main').innerHTML = tables;
	localTimes();
};
localTimes();
setInterval(renew, 1000);
document.querySelector('#receive').onsubmit = (event) => { event.preventDefault(); post('receive', Object.fromEntries(new FormData(event.target))); };`;

/** The page at `/`: what the account's texts are and who was really texted. */
export function dashboard(close: Simulator): string {
	const { account } = close;
	const from = escaped(account.contacts.maria.phones[0].phone);
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Simulated Close</title><style>${STYLE}</style></head><body>
<h1>Simulated Close</h1>
<p>No real phone rings: this stands in for Close, and shows who would have been texted. Times are in your time zone. Base URL <code>${escaped(close.baseUrl)}</code>, API key <code>${escaped(account.apiKey)}</code>.</p>
<form id="receive">From <input name="from" value="${from}"> <input name="text" value="Yes, please." size="40"> <button>A customer texts you</button></form>
<form onsubmit="event.preventDefault(); post('clock/advance', { ms: 3600000 })"><button>One hour passes</button></form>
<form onsubmit="event.preventDefault(); if (confirm('Delete all SMS here and begin anew?')) post('reset')"><button>Start over</button></form>
<main>${tables(close)}</main><script>${SCRIPT}</script></body></html>`;
}
