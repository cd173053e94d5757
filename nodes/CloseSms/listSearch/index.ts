export { getContacts } from './getContacts';
export { getLeads } from './getLeads';
export { getPeople } from './getPeople';
export { getPhoneNumbers } from './getPhoneNumbers';
export { getSmsActivities } from './getSmsActivities';
export { getTemplates } from './getTemplates';
export { getUsers } from './getUsers';
