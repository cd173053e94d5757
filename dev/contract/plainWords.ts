/**
 * Words that tell nothing about an account: those that Close's published API description uses in its names and sentences,
 * and those of the errors of its published frameworks. Whatever else Close says is hidden in a report.
 */
export const PLAIN_WORDS: ReadonlySet<string> = new Set(
	`
a able about above accept accepts access accessdenied according account accounts acti action
actions active activities activity actually add added adding addition additional address
addresses adds adjust admin advanced after again agent aggregate aggregated all allow allowed
allowing allows already also always amr an and annual annualized anonymous another answer any
api app appear application applied applies apply apps archive archived are aren array as ask
assigned assignment associate associated association associations at attachment attachments
attempts attributes audio authentication authorization auto automatically availability available
avg axis back bad balance base based basic bcc be bearer because been before begin beginning
belong belonging belongs below between billed billing blank block blocked blocking bmp body
boolean both brand buckets bulk bundle busy but by bytes calendar calendars call caller calls
campaign can cancel canceled cannot capable carrier cause caused causing cc certain certificate
change changed changes character characters check choice choices chose chosen city clause clear
clock close cnt code cohort combination combinations comma comment comments commonly
communication compared comparison compatible complete completed completions compliance
components condition conditions confidence config configuration confirmation conflict connected
consecutive cont contact contacts contain containing contains content context conversation
conversations conversion convert converting corresponding cost could count counted counters
countries country create created creating creation creations credentials credit csv ctx currency
current currently cursor cursors custom data date dates datetime day days default defaults
defined defining delay delete deleted delivered delivery denied denotes dependent deprecated
derived descending description designation destination detail details developer dialer dialers
dict dictionary did different direction directory disabled disallow disappear display do does
doesn don done down download draft drafts dropped due duplicate duplicates duration during e164
each edit editable edited editing either else email emails emailthread embedded empty en enabled
end ended endpoint enrich enrichment enter entered entire entry enum equal error errors ev event
events exact exactly example examples exceeded exceeds excluding exist existing exists expand
expected expects expired expires explicitly export exported exports external extra fail failed
failure fallback false features feed fetch few field fields file filename files filter filtered
filtering filters find finish finished fires first flag follow following followup for forbidden
forced form format formats formatted forward found from full funnel future gained gateway get
gif given global go got graphs greater greeting group grouped grouping groups gt gte guidance
handled has have having header headers health healthy here hex hh historical host hour hours
html http https i id identify identities identity ids if ignored image immediately import
important in inactive inapplicable inbound inbox include included includes including incoming
incomplete index individual info information initial inline input instance instances instead
insufficient integer integration internal international interval into invalid io ip irrelevant
is iso issue it items its joined jpeg jpg json justification key keys label landline large
larger last later latest lead leads leave left length less like limit limited limits link links
list listing literal ll loc local log login logs long longer lost lt lte made make mandatory
manually mapping markdown matching max maximum may me mean meaning means media meeting meetings
member members membership memberships merge merges message messages met metadata method metrics
microseconds millisecond milliseconds min minimum minus minute minutes missing mm mms mobile
mode modified modify month monthly more most move mpeg msg multiple multiplied must naive name
narrow national nb need needed needs negative neither nested new newest next no non none nor
normalized not note notes nothing now null number numbers numeric oauth object objects occurred
of off offset ogg oldest omitted on once one only opened opens operation opportunities
opportunity opted optional optionally options or order ordered ordering org orga organization
organizations origin original other out outbound outbox outcome outcomes outgoing outlined
overall overview overwrite overwrites own owned page pages paginating pagination parameter
parameters params part participants party pass passed passing password past path paths pause
paused payment pdf per percent perform performs period permanently permission permitted personal
phon phone phones pinned pipeline pipelines plaintext plan playbook playbooks please plural png
point policy position positive post posted precedence precision predefined preference prefix
prefixes premium prepending presence press previous price primary priority problems processed
processing progress properties property protect provide provided provisioned published put
quality quarter queries query quicktime range rate ratelimit re reached realaudio reason receive
received recent recommend recommended record recording records ref reference references
regardless region registered registration reject related relative relevant remaining remote
remove removed removes removing rename render rendered rent rented renting reorder replace
replaced reply report reported reporting reports representation representing request requested
requesting require required requires reset resolution resolve resource resources response
responses restricted restricteduser result results resume retain retrieve retry return returned
returning returns reverted rich richtext rn role roles row rtf run same saved scenarios schedule
scheduled scheduling schema schemas scheme scopes search second seconds secure see selected send
sender sending sent separated separately sequence sequences server session set setting settings
shared sharing should show side signature signed since single size skip small smaller smart sms smstmpl
smtp so some sort source speaker specific specified specify spelling ss ssl sssss stage stages
stalled start started starting state states status statuses steps still stop string subject
submission submissions subpackage subscribe subscription subscriptions such suggestions sum
summaries summarized summary superuser supplied supply support supported supports sure sync
synced syntax system tags takes taking task tasks team telephony template templates temporarily
text texts than that the their them then there these they this those thread threads three
through thumbnail tiff time timeout timestamp timezone title tld to today token tokens tollfree
too total totals transcripts transform transitioned transitions transmitted trial true try
trying tt two type types tz unarchive unauthenticated unauthorized unavailable undelivered undo
unexpected unhealthy unique unknown unpinned unreachable unregistered unset unsubscribe
unsubscribed unsupported up update updated updating upgrade upload uploaded uri url urls use
used user username users using utc valid validation value values vcard verified verify version
via video view views visibility visible vm vnd voice voicemail wait want was wave we webhook
webhooks webm week well went were weren what whatsapp when whenever where wherever whether which
while whitespace who whole whsub will wish with within without won word words works would xml
year yesterday yet you your zipcode zone zoom
`
		.split(/\s+/)
		.filter(Boolean),
);
