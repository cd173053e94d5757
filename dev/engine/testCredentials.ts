import {
	ICredentialsHelper,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IHttpRequestOptions,
} from 'n8n-workflow';
import { CloseSmsApi } from '../../credentials/CloseSmsApi.credentials';
import { CloseSmsOAuth2Api } from '../../credentials/CloseSmsOAuth2Api.credentials';

const credentialTypes: ICredentialType[] = [new CloseSmsApi(), new CloseSmsOAuth2Api()];

/** n8n's credential store, with the credential types of this package and data given by the test. */
export class TestCredentials extends ICredentialsHelper {
	constructor(private data: Record<string, ICredentialDataDecryptedObject>) {
		super();
	}

	getParentTypes(name: string) {
		return credentialTypes.find((type) => type.name === name)?.extends ?? [];
	}

	isCredentialUsableByNode() {
		return true;
	}

	async authenticate(
		data: ICredentialDataDecryptedObject,
		typeName: string,
		options: IHttpRequestOptions,
	) {
		const { authenticate } = credentialTypes.find((type) => type.name === typeName)!;
		if (typeof authenticate !== 'function')
			throw new TypeError(`${typeName} does not authenticate by a function`);
		return await authenticate(data, options);
	}

	async preAuthentication() {
		return undefined;
	}

	async runPreAuthentication() {
		return undefined;
	}

	async getCredentials(): Promise<never> {
		throw new Error('not used by the engine');
	}

	async getDecrypted(_: unknown, __: unknown, type: string) {
		// n8n decrypts it for each request too, so a token that was not saved is lost.
		return structuredClone(this.data[type]);
	}

	async updateCredentials() {}

	async updateCredentialsOauthTokenData(
		_: unknown,
		type: string,
		data: ICredentialDataDecryptedObject,
	) {
		this.data[type] = { ...this.data[type], ...data };
	}

	getCredentialsProperties() {
		return [];
	}
}
