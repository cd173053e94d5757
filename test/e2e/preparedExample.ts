export { preparedExample } from '../../dev/n8n/preparedExample';

/** Sending Hours that are always open, so that a test passes at any time of the day. */
export const ALL_DAY = {
	hours: { from: '00:00', to: '24:00', fallbackTimezone: 'America/New_York' },
};
