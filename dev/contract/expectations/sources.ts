/** Where Close says it. */
export const DOCS = {
	apiKey:
		'Close: "Authentication with API keys" (developer.close.com/api/overview/api-key-authentication)',
	oauth: 'Close: "OAuth" (developer.close.com/api/overview/oauth-authentication)',
	http: 'Close: "HTTP response codes" (developer.close.com/api/overview/http-response-codes)',
	smsCreate:
		'Close: "Create an SMS activity" (developer.close.com/api/resources/activities/sms/create)',
	smsUpdate:
		'Close: "Update an SMS activity" (developer.close.com/api/resources/activities/sms/update)',
	smsGet: 'Close: "Get an SMS activity" (developer.close.com/api/resources/activities/sms/get)',
	smsList: 'Close: "List SMS activities" (developer.close.com/api/resources/activities/sms/list)',
	smsDelete:
		'Close: "Delete an SMS activity" (developer.close.com/api/resources/activities/sms/delete)',
	pagination: 'Close: "Pagination" (developer.close.com/api/overview/pagination)',
	templates: 'Close: "SMS Templates" (developer.close.com/api/resources/sms-templates)',
	files: 'Close: "Files" (developer.close.com/api/resources/files)',
	search: 'Close: "Advanced Filtering" (developer.close.com/api/resources/advanced-filtering)',
	phoneNumbers: 'Close: "Phone Numbers" (developer.close.com/api/resources/phone-numbers)',
	users: 'Close: "Users" (developer.close.com/api/resources/users)',
	leads: 'Close: "Leads" (developer.close.com/api/resources/leads)',
	contacts: 'Close: "Contacts" (developer.close.com/api/resources/contacts)',
	webhooks: 'Close: "Webhooks" (developer.close.com/api/resources/webhooks)',
	webhookFilters:
		'Close: "Webhook filters" (developer.close.com/api/resources/webhooks/webhook-filters)',
	events: 'Close: "Event Log" (developer.close.com/api/resources/events)',
	rateLimits: 'Close: "Rate limits" (developer.close.com/api/overview/rate-limits)',
	me: 'Close: "Get the current user" (developer.close.com/api/resources/users/me)',
};

/** Close's own code, which is public; that the API runs it is concluded. */
export const CODE = {
	mongorest: "Close's REST framework (github.com/closeio/flask-mongorest)",
	cleancat: "Close's validation library (github.com/closeio/cleancat)",
	limitlion: "Close's rate limiter (github.com/closeio/limitlion)",
	client: "Close's Python client (github.com/closeio/closeio-api)",
};

/** What users of Close have made public. */
export const USERS = {
	recordedEvent:
		"a delivery that a user recorded (github.com/whiteboard-geeks/MailerAutomation), and airbyte's schema of events",
	duplicates: 'a user (github.com/m2b-creator/N8N-Close/pull/15, and its code)',
};

/** Neither documented nor in public code. */
export const CONCLUDED = 'not documented';
