import type { Filter } from './webhookFilter';

export interface SubscribedEvent {
	object_type: string;
	action: string;
	extra_filter?: Filter | null;
}

export interface Subscription {
	id: string;
	url: string;
	status: 'active' | 'paused';
	verify_ssl: boolean;
	events: SubscribedEvent[];
	/** 64 hex characters */
	signature_key: string;
	created_by: string;
	updated_by: string;
	date_created: string;
	date_updated: string;
	counters: Record<string, number>;
	health_status: 'healthy' | 'unhealthy';
	latest_error: string | null;
	pause_reason: string | null;
	recent_consecutive_fail_buckets_cnt: number;
}
