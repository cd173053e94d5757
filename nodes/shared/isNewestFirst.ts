import type { IDataObject } from 'n8n-workflow';

/** Whether a page is sorted newest first, as Close lists. */
export const isNewestFirst = (activities: IDataObject[]): boolean =>
	activities.every(
		({ date_created: created }, index) =>
			index === 0 ||
			Date.parse(String(created)) <= Date.parse(String(activities[index - 1].date_created)),
	);
