import {
	decideExample,
	type ExampleStep,
	type KeptExample,
} from '../../../../dev/n8n/keptExamples';

const kept: KeptExample = { id: '7', versionId: 'first', hash: 'file' };

test.each<[string, KeptExample | undefined, string | undefined, string, ExampleStep]>([
	['on the first start', undefined, undefined, 'file', 'import'],
	['deleted in n8n', kept, undefined, 'file', 'import'],
	['nothing has changed', kept, 'first', 'file', 'keep'],
	['changed in n8n', kept, 'mine', 'file', 'keep'],
	['the file has changed', kept, 'first', 'new file', 'update'],
	['both have changed', kept, 'mine', 'new file', 'keepAndSay'],
	['n8n did not say its version', { id: '7', hash: 'file' }, 'first', 'new file', 'keepAndSay'],
])('an example of npm start, %s', (_, earlier, saved, hash, step) => {
	expect(decideExample(earlier, saved, hash)).toBe(step);
});
