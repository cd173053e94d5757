import type { JsonObject } from '../jsonObject';
import { Difference, expectStatus, expectSuccess, expectThat } from '../expect';
import { group } from '../expectation';
import { finding, literal } from '../finding';
import { smsPath, toMs, type Probe, type Sms } from '../probe';
import { CODE, CONCLUDED, DOCS } from './sources';

const PAGINATE = 'nodes/CloseSms/resources/sms/api/paginateSms.ts';
const FILTERS = 'nodes/CloseSms/resources/sms/fields/filters.ts';
const DUPLICATES = 'nodes/CloseSms/resources/sms/sending/duplicates.ts';
const GET = 'nodes/CloseSms/resources/sms/get.ts';
const SIMULATED = 'dev/simulator/sms/sms.ts';
const PAGES = 'dev/simulator/http/query.ts';

type Query = Record<string, string | number>;

interface List {
	data: Sms[];
	has_more: boolean;
}

/** @throws Difference unless it is a list */
async function list(close: Probe, query: Query): Promise<List> {
	const answer = await close.get('/activity/sms/', query);
	expectSuccess(answer);
	const body = answer.body as List | undefined;
	if (!Array.isArray(body?.data)) throw new Difference(finding`the body has no list "data"`);
	return body;
}

/** The drafts of the run's own lead, by their IDs. */
const ids = async (close: Probe, query: Query = {}) =>
	(await list(close, { lead_id: close.leadId, ...query })).data.map(({ id }) => id);

/** Drafts that were made in this order, some time apart. */
async function drafts(close: Probe, count: number): Promise<Sms[]> {
	const made: Sms[] = [];
	for (let n = 0; n < count; n++) {
		if (n > 0) await close.wait(1_100, 'Seconds are to differ');
		made.push(await close.draft());
	}
	return made;
}

const has = (found: string[], { id }: Sms) => found.includes(id);

/** @throws Difference unless the filter lets through the one draft and not the other */
async function expectFilter(close: Probe, query: Query, within: Sms, without: Sms) {
	const found = await ids(close, query);
	expectThat(has(found, within), finding`it leaves out what fits`);
	expectThat(!has(found, without), finding`it is ignored, or lets through too much`);
}

export const paging = group('paging', [
	{
		name: 'list-has-data-and-has-more',
		title: 'The list of SMS has `data` and a boolean `has_more`',
		source: DOCS.smsList,
		mark: 'confirmed',
		restsOn: [PAGINATE, 'nodes/CloseSms/listSearch/listPage.ts', PAGES],
		steps: async (close) => {
			const body = await list(close, { _limit: 1 });
			expectThat(typeof body.has_more === 'boolean', finding`has_more is ${typeof body.has_more}`);
		},
	},
	{
		name: 'list-is-newest-first',
		title: 'The list is in the order of `date_created`, newest first',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [
			PAGINATE,
			'nodes/CloseSms/listSearch/getSmsActivities.ts',
			'nodes/CloseSmsTrigger/webhook/readOptIn.ts',
			'dev/simulator/sms/smsStore.ts',
		],
		steps: async (close) => {
			const made = await drafts(close, 3);
			const found = (await ids(close)).filter((id) => made.some((one) => one.id === id));
			const wanted = made.map(({ id }) => id).reverse();
			const isReversed = found.join() === [...wanted].reverse().join();
			expectThat(
				found.join() === wanted.join(),
				isReversed ? finding`it is oldest first` : finding`it is in another order`,
			);
		},
	},
	{
		name: 'list-shows-new-texts-at-once',
		title: 'A text is listed as soon as its creation was answered',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [DUPLICATES, 'dev/simulator/sms/smsStore.ts'],
		steps: async (close) => {
			const draft = await close.draft();
			if (has(await ids(close), draft)) return;
			const start = Date.now();
			const late = await close.until(60_000, 'A new text is not listed yet', async () =>
				has(await ids(close), draft) ? Date.now() - start : undefined,
			);
			throw new Difference(
				late === undefined
					? finding`it is not listed within 60 seconds`
					: finding`it is listed ${Math.ceil(late / 1000)} seconds later`,
			);
		},
	},
	{
		name: 'limit-and-skip-page',
		title:
			'`_limit` and `_skip` cut the list into pages, and `has_more` says whether there are more',
		source: DOCS.pagination,
		mark: 'confirmed',
		restsOn: [PAGINATE, 'nodes/CloseSms/listSearch/listPage.ts', PAGES],
		steps: async (close) => {
			await drafts(close, 3);
			const lead_id = close.leadId;
			const all = await list(close, { lead_id });
			const pages: string[] = [];
			const more: boolean[] = [];
			for (let skip = 0; skip < all.data.length; skip++) {
				const page = await list(close, { lead_id, _limit: 1, _skip: skip });
				pages.push(...page.data.map(({ id }) => id));
				more.push(page.has_more);
			}
			expectThat(
				pages.join() === all.data.map(({ id }) => id).join(),
				finding`the pages are not the list`,
			);
			const wanted = more.map((_, index) => index < more.length - 1);
			expectThat(more.join() === wanted.join(), finding`has_more is ${more}`);
		},
	},
	{
		name: 'limit-100-is-taken',
		title: 'A page of 100 is taken',
		source: `${DOCS.smsList} (the default)`,
		mark: 'confirmed',
		restsOn: ['nodes/shared/closeTypes.ts', PAGES],
		steps: async (close) => {
			const { data, has_more: hasMore } = await list(close, { _limit: 100 });
			// A smaller page while there is more is another maximum.
			const isWhole = data.length === 100 || !hasMore;
			expectThat(isWhole, finding`it has ${data.length} texts while there are more`);
		},
	},
	{
		name: 'limit-101-is-refused',
		title: 'A page of 101 is a 400 that names `max_limit = 100`',
		source: CODE.mongorest,
		mark: 'inferred',
		restsOn: [PAGES],
		steps: async (close) => {
			const answer = await close.get('/activity/sms/', { _limit: 101 });
			expectStatus(answer, 400);
			expectThat(
				JSON.stringify(answer.body).includes('max_limit = 100'),
				finding`the body is ${answer.body}`,
			);
		},
	},
	{
		name: 'deep-skip-is-refused',
		title: 'A `_skip` of 250,001 is a 400 that names `max_skip`',
		source: 'a user of /activity/email/ (github.com/airbytehq/airbyte/issues/20959)',
		mark: 'inferred',
		restsOn: [PAGES, PAGINATE],
		steps: async (close) => {
			const answer = await close.get('/activity/sms/', { _limit: 1, _skip: 250_001 });
			expectStatus(answer, 400);
			return finding`${answer.body}`;
		},
	},
	{
		name: 'created-before-filters',
		title: '`date_created__lt` with a date-time leaves out what was created at that time or later',
		source: DOCS.smsList,
		mark: 'confirmed',
		restsOn: [PAGINATE, FILTERS, SIMULATED],
		steps: async (close) => {
			const [older, newer] = await drafts(close, 2);
			const end = new Date(toMs(newer.date_created)).toISOString();
			await expectFilter(close, { date_created__lt: end }, older, newer);
		},
	},
	{
		name: 'created-after-filters',
		title: '`date_created__gte` with a date-time leaves out what was created before',
		source: DOCS.smsList,
		mark: 'confirmed',
		restsOn: [DUPLICATES, FILTERS, SIMULATED],
		steps: async (close) => {
			const [older, newer] = await drafts(close, 2);
			const start = new Date(toMs(newer.date_created)).toISOString();
			await expectFilter(close, { date_created__gte: start }, newer, older);
		},
	},
	{
		name: 'created-before-and-skip-combine',
		title: '`date_created__lt` may be combined with `_skip`',
		source: DOCS.smsList,
		mark: 'confirmed',
		restsOn: [PAGINATE, SIMULATED],
		steps: async (close) => {
			const [oldest, middle, newest] = await drafts(close, 3);
			const end = new Date(toMs(newest.date_created)).toISOString();
			const found = await ids(close, { date_created__lt: end, _skip: 1 });
			expectThat(
				has(found, oldest) && !has(found, middle) && !has(found, newest),
				finding`the second page is another`,
			);
		},
	},
	{
		name: 'activity-at-filters',
		title: '`activity_at__gte` works without `_order_by`',
		source: `${DOCS.smsList}; the list of all activities wants _order_by with it`,
		mark: 'inferred',
		restsOn: [FILTERS, SIMULATED],
		steps: async (close) => {
			const [older, newer] = await drafts(close, 2);
			const start = new Date(toMs(newer.date_created)).toISOString();
			await expectFilter(close, { activity_at__gte: start }, newer, older);
		},
	},
	{
		name: 'activity-at-before-filters',
		title: '`activity_at__lt` leaves out what happened at that time or later',
		source: DOCS.smsList,
		mark: 'inferred',
		restsOn: [FILTERS, SIMULATED],
		steps: async (close) => {
			const [older, newer] = await drafts(close, 2);
			const end = new Date(toMs(newer.date_created)).toISOString();
			await expectFilter(close, { activity_at__lt: end }, older, newer);
		},
	},
	{
		name: 'ids-filter',
		title: '`id__in` lists the texts with these IDs, and no others, without `lead_id`',
		source: DOCS.smsList,
		mark: 'confirmed',
		restsOn: [
			'nodes/CloseSms/resources/sms/sending/waitUntilSent.ts',
			'nodes/CloseSms/resources/sms/sending/sentWatch.ts',
			SIMULATED,
		],
		steps: async (close) => {
			const [first, second, third] = await drafts(close, 3);
			const { data } = await list(close, { id__in: `${first.id},${third.id}` });
			const found = data.map(({ id }) => id);
			expectThat(has(found, first) && has(found, third), finding`it leaves out what fits`);
			expectThat(!has(found, second), finding`it is ignored, or lets through too much`);
		},
	},
	{
		name: 'path-needs-its-last-slash',
		title: 'A path without its last slash is a 404',
		source: `${CONCLUDED}; programs in use rely on its working, one says that Close enforces the slash`,
		mark: 'inferred',
		restsOn: ['dev/simulator/server.ts'],
		steps: async (close) => expectStatus(await close.get('/activity/sms'), 404),
	},
	{
		name: 'activity-at-filters-without-lead',
		title: '`activity_at__gte` works without `lead_id`',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [FILTERS, SIMULATED],
		steps: async (close) => {
			const [older, newer] = await drafts(close, 2);
			const start = new Date(toMs(newer.date_created)).toISOString();
			const { data } = await list(close, { activity_at__gte: start });
			const found = data.map(({ id }) => id);
			expectThat(has(found, newer), finding`it leaves out what fits`);
			expectThat(!has(found, older), finding`it is ignored, or lets through too much`);
		},
	},
	{
		name: 'contact-filters-without-lead',
		title: '`contact_id` works without `lead_id`',
		source: `${DOCS.smsList}; the list of all activities wants one lead with it`,
		mark: 'inferred',
		restsOn: [FILTERS, DUPLICATES, SIMULATED],
		steps: async (close) => {
			const withContact = await close.draft();
			const withoutContact = await close.draft({ contact_id: null });
			const { data } = await list(close, { contact_id: close.contactId });
			const found = data.map(({ id }) => id);
			expectThat(has(found, withContact), finding`it leaves out what fits`);
			expectThat(!has(found, withoutContact), finding`it is ignored`);
		},
	},
	{
		name: 'user-filters-without-lead',
		title: '`user_id` works without `lead_id`',
		source: 'public code uses it so',
		mark: 'inferred',
		restsOn: [FILTERS, SIMULATED],
		steps: async (close) => {
			const own = await close.draft();
			const userId = await close.otherUser();
			const theirs = await close.draft({ user_id: userId });
			const { data } = await list(close, { user_id: userId, _limit: 20 });
			const found = data.map(({ id }) => id);
			expectThat(has(found, theirs), finding`it leaves out what fits`);
			expectThat(!has(found, own), finding`it is ignored`);
		},
	},
	{
		name: 'fields-are-picked-in-lists',
		title: '`_fields` of the list leaves only the fields that it names',
		source: DOCS.smsList,
		mark: 'confirmed',
		restsOn: [DUPLICATES, 'nodes/CloseSms/resources/sms/getAll.ts', PAGES],
		steps: async (close) => {
			await close.draft();
			const query = { lead_id: close.leadId, _fields: 'id,status,date_created' };
			const [first = {}] = (await list(close, query)).data as JsonObject[];
			const names = Object.keys(first).sort().join(', ');
			expectThat(names === 'date_created, id, status', finding`it has ${Object.keys(first)}`);
		},
	},
	{
		name: 'fields-are-picked-of-one',
		title: '`_fields` of one SMS leaves only the fields that it names',
		source: DOCS.smsGet,
		mark: 'confirmed',
		restsOn: [GET, 'nodes/CloseSms/listSearch/getContacts.ts', PAGES],
		steps: async (close) => {
			const { id } = await close.draft();
			const { body } = await close.get(smsPath(id), { _fields: 'lead_id' });
			expectThat(
				Object.keys(body as object).join() === 'lead_id',
				finding`it has ${Object.keys(body as object)}`,
			);
		},
	},
	{
		name: 'unknown-query-is-ignored',
		title: 'A query parameter that Close does not know changes nothing',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: ['dev/simulator/server.ts'],
		steps: async (close) => {
			const draft = await close.draft();
			const found = await ids(close, { unknown_parameter: 'x' });
			expectThat(has(found, draft), finding`it leaves out ${literal('what there is')}`);
		},
	},
]);
