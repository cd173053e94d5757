import { fs, path, root } from '../platform';

/**
 * The modules that unit tests hold to each of their promises. A new one is added here with its tests: those of its name,
 * and those that import it, unless others are given here.
 */
const MODULES: Record<string, string[] | undefined> = {
	'nodes/CloseSms/listSearch/excerpt.ts': undefined,
	'nodes/shared/describeStatus.ts': undefined,
	'nodes/CloseSms/output/segments.ts': undefined,
	'nodes/CloseSms/output/withNote.ts': undefined,
	'nodes/CloseSms/resources/sms/sending/draftThenSend.ts': [
		'dispatch',
		'duplicates',
		'statusTransition',
	],
	'nodes/CloseSms/resources/sms/api/paginateSms.ts': undefined,
	'nodes/CloseSms/resources/sms/people/recipientZone.ts': undefined,
	'nodes/CloseSms/resources/sms/sending/dispatch.ts': undefined,
	'nodes/CloseSms/resources/sms/sending/openingHours.ts': ['openingHours', 'planSend'],
	'nodes/CloseSms/resources/sms/sending/planSend.ts': undefined,
	'nodes/CloseSms/resources/sms/sending/sameText.ts': undefined,
	'nodes/CloseSms/resources/sms/sending/textsInProgress.ts': undefined,
	'nodes/CloseSms/resources/sms/sending/sendRules.ts': ['sendRules'],
	'nodes/CloseSms/resources/sms/sending/duplicates.ts': undefined,
	'nodes/CloseSms/resources/sms/sending/statusTransition.ts': undefined,
	'nodes/CloseSms/resources/sms/sending/withCurrentStatus.ts': undefined,
	'nodes/CloseSms/transport/request/itemFailures.ts': undefined,
	'nodes/CloseSms/transport/request/itemState.ts': ['itemState'],
	'nodes/CloseSms/transport/queue/endpointGroup.ts': ['endpointGroup'],
	'nodes/CloseSms/transport/queue/rateLimiter.ts': ['rateLimiter'],
	'nodes/CloseSms/transport/queue/rateLimitWindow.ts': ['endpointGroup'],
	'nodes/CloseSms/transport/request/judgeReadBack.ts': undefined,
	'nodes/CloseSms/transport/queue/requestQueue.ts': ['requestQueue'],
	'nodes/CloseSms/transport/queue/requestScheduler.ts': ['requestScheduler'],
	'nodes/CloseSms/transport/request/responseBody.ts': undefined,
	'nodes/CloseSms/transport/request/responseCheck.ts': ['responseCheck', 'judgeReadBack'],
	'nodes/CloseSms/transport/run/runSummary.ts': undefined,
	'nodes/CloseSms/resources/sms/sending/sentWatch.ts': undefined,
	'nodes/CloseSms/validation/attachments.ts': undefined,
	'nodes/CloseSms/validation/dates.ts': undefined,
	'nodes/CloseSms/validation/nodeOptions.ts': ['nodeOptions'],
	'nodes/CloseSms/validation/ids.ts': undefined,
	'nodes/CloseSms/validation/expressionParts.ts': ['expressionParts', 'missingValues'],
	'nodes/CloseSms/validation/missingValues.ts': undefined,
	'nodes/CloseSms/validation/phones.ts': undefined,
	'nodes/CloseSms/validation/preSend.ts': undefined,
	'nodes/CloseSms/validation/requestBody.ts': ['preSend'],
	'nodes/CloseSms/validation/validationError.ts': ['nodeOptions', 'preSend', 'sendRules'],
	'nodes/CloseSmsTrigger/eventFilter.ts': undefined,
	'nodes/CloseSmsTrigger/events.ts': ['events', 'eventSelection'],
	'nodes/CloseSmsTrigger/keywords.ts': undefined,
	'nodes/CloseSmsTrigger/subscriptionDecision.ts': undefined,
	'nodes/CloseSmsTrigger/eventKey.ts': undefined,
	'nodes/CloseSmsTrigger/processedEvents.ts': undefined,
	'nodes/CloseSmsTrigger/signature.ts': undefined,
	'nodes/CloseSmsTrigger/execution/eventClaims.ts': undefined,
	'nodes/shared/content.ts': ['content', 'responseCheck'],
	'nodes/shared/delay.ts': ['delay'],
	'nodes/shared/errors/closeError.ts': undefined,
	'nodes/shared/errors/closeErrorMessage.ts': undefined,
	'nodes/shared/errors/fieldLabel.ts': undefined,
	'nodes/shared/errors/joinSentences.ts': undefined,
	'nodes/shared/errors/maskTexts.ts': undefined,
	'nodes/shared/errors/requestFailure.ts': ['requestFailure'],
	'nodes/shared/fieldValues.ts': undefined,
	'nodes/shared/phoneNumber.ts': undefined,
	'nodes/shared/retryPolicy.ts': undefined,
	'nodes/shared/rateLimitHeaders.ts': undefined,
	'nodes/shared/showValue.ts': undefined,
	'nodes/shared/closeId.ts': undefined,
	'nodes/CloseSms/resources/sms/conversation.ts': undefined,
	'nodes/CloseSms/resources/sms/people/batchLoader.ts': undefined,
	'nodes/CloseSms/resources/sms/people/chooseNumber.ts': ['chooseNumber'],
	'nodes/CloseSms/resources/sms/people/lookUp.ts': ['lookUp'],
	'nodes/CloseSms/resources/sms/sending/earlierTexts.ts': ['duplicates'],
	'nodes/CloseSms/resources/sms/sending/failedNumber.ts': undefined,
	'nodes/CloseSms/resources/sms/sending/turns.ts': undefined,
	'nodes/CloseSms/resources/sms/sending/withRecipient.ts': undefined,
	'nodes/CloseSms/transport/request/createdSms.ts': undefined,
	'nodes/CloseSms/transport/request/findCreated.ts': undefined,
	'nodes/CloseSms/transport/request/recentIds.ts': ['recentIds', 'textsInProgress'],
	'nodes/CloseSms/transport/run/dryRunSummary.ts': undefined,
	'nodes/CloseSms/validation/recipient.ts': undefined,
	'nodes/CloseSmsTrigger/catchUp/missedTime.ts': undefined,
	'nodes/shared/time.ts': ['dates', 'output', 'time'],
};

const TESTS = 'test/unit';
/** A simulation takes seconds, and far longer with a mutant: what it covers should have quicker tests too. */
const IS_TEST = /(?<!\.simulation)\.test\.ts$/;

/** The modules, each with the test files that are to notice a mutant of it. @throws when one has none, or was moved */
export async function listModules(): Promise<Map<string, string[]>> {
	const sources = new Map<string, string>();
	for (const file of await fs.readdir(path.join(root, TESTS), { recursive: true }))
		if (IS_TEST.test(file))
			sources.set(file, await fs.readFile(path.join(root, TESTS, file), 'utf8'));
	const modules = new Map<string, string[]>();
	for (const [module, given] of Object.entries(MODULES)) {
		await fs.access(path.join(root, module));
		const name = module.slice(0, -'.ts'.length);
		const imported = new RegExp(`from '(?:\\.\\./)+${name}'`);
		const isGiven = (file: string) => given?.includes(path.basename(file, '.test.ts'));
		const tests = [...sources.keys()].filter((file) =>
			given ? isGiven(file) : file === `${name}.test.ts` || imported.test(sources.get(file)!),
		);
		if (tests.length < (given?.length ?? 1))
			throw new Error(`No test for ${module}, see dev/mutation/modules.ts`);
		modules.set(
			module,
			tests.map((file) => `${TESTS}/${file}`),
		);
	}
	return modules;
}
