/* Services that call a function by themselves: Config, Firehose, SES, IoT, Secrets Manager, Lex, Connect, S3 Object Lambda, CloudFront, alarms,
 * Client VPN. Facts: the page "Using AWS Lambda with ..." or "... event format" of each service's developer guide. */
#include "base/digest.h"
#include "smoke/event/parts.h"

static const doc_node *own_name(direct *d, const resource *r) {
    return js_string(d->arena, r != NULL ? world_name(d->maker->world, r) : SLICE("sflint-smoke"));
}

/* ---- Firehose. Amazon Data Firehose developer guide, "Transform source data" ---- */

void direct_firehose(direct *d) {
    maker *m = d->maker;
    arena *a = d->arena;
    const resource *stream = d->edge->from->resource;
    slice source = property_text(m, stream, "KinesisStreamSourceConfiguration.KinesisStreamARN", d->edge->when);
    js_list records = { 0 };
    if (d->edge->to->role != ROLE_COMPUTE || d->edge->kind != EDGE_SYNC) return;
    for (int i = 1; i <= 2; i++) {
        const doc_node *metadata = source.len == 0 ? NULL : SHAPE_PLAIN(m, a,
            "{'sequenceNumber':'$digits56','subsequenceNumber':0,'partitionKey':'sflint-smoke','shardId':'shardId-000000000000','approximateArrivalTimestamp':'$epoch_ms'}");
        js_push(a, &records, SHAPE(m, a, "{'recordId':'${digits56}000000','approximateArrivalTimestamp':'$epoch_ms','data':'$data','kinesisRecordMetadata':'$metadata'}",
            { "data", js_string(a, base64_encode(a, arena_printf(a, "{\"sflint\":\"smoke\",\"n\":%d}\n", i))) }, { "metadata", metadata }));
    }
    direct_add(d, SLICE(""), SHAPE(m, a,
        "{'invocationId':'$uuid','deliveryStreamArn':'$arn','sourceKinesisStreamArn':'$source','region':'$region','records':'$records'}",
        { "arn", js_string(a, world_node_arn(m->world, d->edge->from)) }, { "source", source.len > 0 ? js_string(a, source) : NULL },
        { "records", js_list_end(a, &records) }));
}

/* ---- Config. AWS Config developer guide, "Example events for AWS Config rules" ---- */

void direct_config(direct *d) {
    maker *m = d->maker;
    arena *a = d->arena;
    const resource *rule = edge_declarer(d->edge);
    const doc_node *types = property(m, rule, "Scope.ComplianceResourceTypes", d->edge->when), *input = property(m, rule, "InputParameters", d->edge->when);
    slice type = js_len(types) > 0 && types->kind == DOC_LIST ? js_str(types->list.at[0]) : SLICE("AWS::EC2::Instance");
    bool periodic = d->edge->kind == EDGE_SCHEDULE;
    if (d->edge->to->role != ROLE_COMPUTE) return;
    const doc_node *invoking = periodic
        ? SHAPE_PLAIN(m, a, "{'awsAccountId':'$account','notificationCreationTime':'$millis','messageType':'ScheduledNotification','recordVersion':'1.0'}")
        : SHAPE(m, a,
            "{'configurationItemDiff':null,'configurationItem':{'relatedEvents':[],'relationships':[],'configuration':{},'supplementaryConfiguration':{},"
            "'tags':{'sflint':'smoke'},'configurationItemVersion':'1.3','configurationItemCaptureTime':'$millis','configurationStateId':1,'awsAccountId':'$account',"
            "'configurationItemStatus':'OK','resourceType':'$type','resourceId':'sflint-smoke','resourceName':'sflint-smoke',"
            "'ARN':'arn:${partition}:sflint:${region}:${account}:sflint-smoke','awsRegion':'$region','availabilityZone':'${region}a',"
            "'configurationStateMd5Hash':'','resourceCreationTime':'$millis'},'notificationCreationTime':'$millis',"
            "'messageType':'ConfigurationItemChangeNotification','recordVersion':'1.3'}", { "type", js_string(a, type) });
    direct_add(d, periodic ? SLICE("ScheduledNotification") : SLICE("ConfigurationItemChangeNotification"), SHAPE(m, a,
        "{'version':'1.0','invokingEvent':'$invoking','ruleParameters':'$parameters','resultToken':'$hex32','eventLeftScope':false,"
        "'executionRoleArn':'arn:${partition}:iam::${account}:role/sflint-config','configRuleArn':'arn:${partition}:config:${region}:${account}:config-rule/config-rule-sflint',"
        "'configRuleName':'$name','configRuleId':'config-rule-sflint','accountId':'$account'}",
        { "invoking", shape_as_text(a, invoking) }, { "name", own_name(d, rule) },
        { "parameters", input == NULL ? js_cstr(a, "{}") : js_is(input, DOC_STRING) ? input : shape_as_text(a, input) }));
}

/* ---- SES. Amazon SES developer guide, "Lambda function action: event" ---- */

void direct_ses(direct *d) {
    maker *m = d->maker;
    arena *a = d->arena;
    const resource *rule = d->edge->via;
    if (d->edge->to->role != ROLE_COMPUTE || !is_type(rule, "AWS::SES::ReceiptRule")) {
        d->cannot = SLICE("sflint makes no event of this part of ses yet");
        return;
    }
    const doc_node *recipients = property(m, rule, "Rule.Recipients", d->edge->when);
    slice to = js_is(recipients, DOC_LIST) && recipients->list.len > 0 ? js_str(recipients->list.at[0]) : SLICE("smoke@example.com");
    if (slice_find(to, '@') == to.len) to = arena_printf(a, "smoke@%s%.*s", to.len > 0 && to.at[0] == '.' ? "mail" : "", SLICE_ARG(to));
    direct_add(d, SLICE(""), SHAPE(m, a,
        "{'Records':[{'eventSource':'aws:ses','eventVersion':'1.0','ses':{'mail':{'timestamp':'$millis','source':'sender@example.com','messageId':'$id',"
        "'destination':['$to'],'headersTruncated':false,'headers':[{'name':'Return-Path','value':'<sender@example.com>'},"
        "{'name':'From','value':'Sender <sender@example.com>'},{'name':'To','value':'$to'},{'name':'Subject','value':'sflint smoke'},"
        "{'name':'Message-ID','value':'<sflint-smoke@example.com>'},{'name':'Content-Type','value':'text/plain; charset=UTF-8'}],"
        "'commonHeaders':{'returnPath':'sender@example.com','from':['Sender <sender@example.com>'],'date':'Thu, 1 Jan 2026 00:00:00 +0000','to':['$to'],"
        "'messageId':'<sflint-smoke@example.com>','subject':'sflint smoke'}},"
        "'receipt':{'timestamp':'$millis','processingTimeMillis':574,'recipients':['$to'],'spamVerdict':{'status':'PASS'},'virusVerdict':{'status':'PASS'},"
        "'spfVerdict':{'status':'PASS'},'dkimVerdict':{'status':'PASS'},'dmarcVerdict':{'status':'PASS'},"
        "'action':{'type':'Lambda','functionArn':'$function','invocationType':'$kind'}}}}]}",
        { "id", js_string(a, make_hex(m, a, 40)) }, { "to", js_string(a, to) }, { "function", js_string(a, world_node_arn(m->world, d->edge->to)) },
        { "kind", js_cstr(a, d->edge->kind == EDGE_SYNC ? "RequestResponse" : "Event") }));
}

/* ---- IoT. AWS IoT developer guide, "AWS IoT SQL reference", "Custom authentication", "Pre-provisioning hooks" ---- */

static size_t word_at(slice sql, const char *word) {
    size_t len = strlen(word), depth = 0;
    for (size_t i = 0; i < sql.len; i++) {
        if (sql.at[i] == '(') depth++;
        if (sql.at[i] == ')' && depth > 0) depth--;
        if (depth > 0 || i + len > sql.len) continue;
        bool alone = (i == 0 || strchr(" \t\r\n)", sql.at[i - 1]) != NULL) && (i + len == sql.len || strchr(" \t\r\n('", sql.at[i + len]) != NULL);
        if (alone && slice_same_letters(slice_from_to(sql, i, i + len), slice_from(word))) return i;
    }
    return (size_t)-1;
}

/* The value of one item of the SELECT list, by what it looks like. */
static const doc_node *selected(direct *d, slice item, slice topic) {
    arena *a = d->arena;
    if (slice_starts(item, SLICE("topic("))) return js_string(a, topic);
    if (slice_starts(item, SLICE("timestamp("))) return js_int(a, d->maker->now_ms);
    if (slice_starts(item, SLICE("clientid(")) || slice_starts(item, SLICE("clientId("))) return js_cstr(a, "sflint-smoke");
    if (item.len > 1 && item.at[0] == '\'') return js_string(a, slice_from_to(item, 1, item.len - 1));
    if (item.len > 0 && ((item.at[0] >= '0' && item.at[0] <= '9') || slice_find(item, '*') < item.len || slice_find(item, '/') < item.len)) return js_int(a, 1);
    return js_cstr(a, "sflint-smoke");
}

void direct_iot_rule(direct *d) {
    arena *a = d->arena;
    slice sql = edge_filter_text(d->maker, d->edge, "sql"), topic = SLICE("sflint/smoke");
    if (d->edge->to->role != ROLE_COMPUTE && sql.len == 0) return;
    size_t select = word_at(sql, "select"), from = word_at(sql, "from");
    if (from != (size_t)-1) {
        slice rest = slice_trim(slice_after(sql, from + 4));
        if (rest.len > 1 && (rest.at[0] == '\'' || rest.at[0] == '"')) {
            slice named = slice_from_to(slice_after(rest, 1), 0, slice_find(slice_after(rest, 1), rest.at[0])), part;
            buf made = { .arena = a };
            while (slice_cut(&named, '/', &part)) {
                if (made.bytes.len > 0) buf_char(&made, '/');
                if (slice_is(part, "+") || slice_is(part, "#")) buf_text(&made, "smoke");
                else buf_slice(&made, part);
            }
            topic = buf_as_slice(&made);
        }
    }
    slice list = select == (size_t)-1 || from == (size_t)-1 || from < select + 6 ? SLICE("*") : slice_trim(slice_from_to(sql, select + 6, from));
    js_object o = { 0 };
    for (size_t i = 0, start = 0, depth = 0; i <= list.len; i++) {
        if (i < list.len && list.at[i] == '(') depth++;
        if (i < list.len && list.at[i] == ')' && depth > 0) depth--;
        if (i < list.len && (list.at[i] != ',' || depth > 0)) continue;
        slice item = slice_trim(slice_from_to(list, start, i));
        start = i + 1;
        if (slice_is(item, "*")) {
            js_set(a, &o, SLICE("sflint"), js_cstr(a, "smoke"));
            continue;
        }
        size_t as = word_at(item, "as");
        slice name = as != (size_t)-1 ? slice_trim(slice_after(item, as + 2)) : item;
        for (size_t k = name.len; as == (size_t)-1 && k > 0; k--)
            if (name.at[k - 1] == '.') {
                name = slice_after(name, k);
                break;
            }
        if (name.len > 0) js_set(a, &o, name, selected(d, as != (size_t)-1 ? slice_trim(slice_from_to(item, 0, as)) : item, topic));
    }
    direct_add(d, SLICE(""), js_object_end(a, &o));
}

void direct_iot_authorizer(direct *d) {
    direct_add(d, SLICE("with a token"), SHAPE_PLAIN(d->maker, d->arena,
        "{'token':'sflint-smoke','signatureVerified':true,'protocols':['tls','http','mqtt'],'protocolData':{'tls':{'serverName':'sflint-ats.iot.${region}.amazonaws.com'},"
        "'http':{'headers':{'x-sflint':'smoke'},'queryString':'?token=sflint-smoke'},'mqtt':{'username':'sflint','password':'c2ZsaW50','clientId':'sflint-smoke'}},"
        "'connectionMetadata':{'id':'$uuid'}}"));
}

void direct_iot_hook(direct *d) {
    const resource *r = edge_declarer(d->edge);
    direct_add(d, SLICE(""), SHAPE(d->maker, d->arena,
        "{'claimCertificateId':'$hex64','certificateId':'$hex64','certificatePem':'-----BEGIN CERTIFICATE-----\\nc2ZsaW50\\n-----END CERTIFICATE-----\\n',"
        "'templateArn':'arn:${partition}:iot:${region}:${account}:provisioningtemplate/${name}','clientId':'sflint-smoke','parameters':{'SerialNumber':'sflint-smoke'}}",
        { "name", own_name(d, r) }));
}

/* ---- Secrets Manager. Secrets Manager user guide, "Lambda rotation functions" ---- */

void direct_rotation(direct *d) {
    static const char *const steps[] = { "createSecret", "setSecret", "testSecret", "finishSecret" };
    arena *a = d->arena;
    slice secret = property_text(d->maker, d->edge->via, "SecretId", d->edge->when);
    const doc_node *token = js_string(a, make_uuid(d->maker, a));
    for (size_t i = 0; i < COUNT(steps); i++)
        direct_add(d, slice_from(steps[i]), SHAPE(d->maker, a, "{'Step':'$step','SecretId':'$secret','ClientRequestToken':'$token'}",
            { "step", js_cstr(a, steps[i]) }, { "token", token },
            { "secret", secret.len > 0 ? js_string(a, secret) : js_cstr(a, "arn:aws:secretsmanager:us-east-1:123456789012:secret:sflint-smoke") }));
}

/* ---- Lex V2. Amazon Lex V2 developer guide, "Using an AWS Lambda function: input event format" ---- */

void direct_lex(direct *d) {
    direct_add(d, SLICE("FulfillmentCodeHook"), SHAPE(d->maker, d->arena,
        "{'sessionId':'$digits15','inputTranscript':'sflint smoke','interpretations':[{'intent':{'slots':{},'confirmationState':'None','name':'FallbackIntent',"
        "'state':'ReadyForFulfillment'},'nluConfidence':1}],'responseContentType':'text/plain; charset=utf-8','sessionState':{'sessionAttributes':{},"
        "'activeContexts':[],'intent':{'slots':{},'confirmationState':'None','name':'FallbackIntent','state':'ReadyForFulfillment'},'originatingRequestId':'$uuid'},"
        "'messageVersion':'1.0','invocationSource':'FulfillmentCodeHook','transcriptions':[{'transcription':'sflint smoke','transcriptionConfidence':1,"
        "'resolvedContext':{'intent':'FallbackIntent'},'resolvedSlots':{}}],'inputMode':'Text','bot':{'aliasName':'TestBotAlias','aliasId':'TSTALIASID','name':'$name',"
        "'version':'DRAFT','localeId':'en_US','id':'SFLINTBOT1'}}",
        { "name", own_name(d, d->edge->from->resource) }));
}

/* ---- Connect. Amazon Connect administrator guide, "Invoke Lambda functions": JSON request ---- */

void direct_connect(direct *d) {
    if (d->edge->to->role != ROLE_COMPUTE) return;
    direct_add(d, SLICE(""), SHAPE_PLAIN(d->maker, d->arena,
        "{'Details':{'ContactData':{'Attributes':{},'Channel':'VOICE','ContactId':'$uuid','CustomerEndpoint':{'Address':'+15555550100','Type':'TELEPHONE_NUMBER'},"
        "'CustomerId':null,'Description':null,'InitialContactId':'$uuid','InitiationMethod':'INBOUND',"
        "'InstanceARN':'arn:${partition}:connect:${region}:${account}:instance/sflint','LanguageCode':'en-US','MediaStreams':{'Customer':{'Audio':null}},'Name':null,"
        "'PreviousContactId':'$uuid','Queue':null,'References':{},'RelatedContactId':null,'SystemEndpoint':{'Address':'+15555550101','Type':'TELEPHONE_NUMBER'}},"
        "'Parameters':{'sflint':'smoke'}},'Name':'ContactFlowEvent'}"));
}

/* ---- S3 Object Lambda. S3 user guide, "Writing and debugging Lambda functions for S3 Object Lambda Access Points" ---- */

void direct_object_lambda(direct *d) {
    const resource *r = edge_declarer(d->edge);
    if (d->edge->kind != EDGE_SYNC || !is_type(r, "AWS::S3ObjectLambda::AccessPoint")) return;
    direct_add(d, SLICE("GetObject"), SHAPE(d->maker, d->arena,
        "{'xAmzRequestId':'$uuid','getObjectContext':{'inputS3Url':'${endpoint}/sflint-smoke/example?X-Amz-Security-Token=sflint','outputRoute':'io-use1-001','outputToken':'sflint'},"
        "'configuration':{'accessPointArn':'arn:${partition}:s3-object-lambda:${region}:${account}:accesspoint/${name}',"
        "'supportingAccessPointArn':'arn:${partition}:s3:${region}:${account}:accesspoint/sflint','payload':''},"
        "'userRequest':{'url':'https://${name}-${account}.s3-object-lambda.${region}.amazonaws.com/example','headers':{'Host':'${name}-${account}.s3-object-lambda.${region}.amazonaws.com',"
        "'Accept-Encoding':'identity'}},'userIdentity':{'type':'IAMUser','principalId':'SFLINT','arn':'arn:${partition}:iam::${account}:user/sflint','accountId':'$account',"
        "'accessKeyId':'SFLINT'},'protocolVersion':'1.00'}",
        { "name", own_name(d, r) }, { "endpoint", js_string(d->arena, world_endpoint(d->maker->world)) }));
}

/* ---- CloudFront. CloudFront developer guide, "Lambda@Edge event structure" ---- */

void direct_cloudfront(direct *d) {
    arena *a = d->arena;
    if (d->edge->to->role != ROLE_COMPUTE || !is_type(d->edge->to->resource, "AWS::Lambda::Function")) {
        d->cannot = SLICE("sflint sends nothing through a distribution yet");
        return;
    }
    bool response = slice_ends(d->trigger, SLICE("-response")), origin = slice_starts(d->trigger, SLICE("origin-"));
    const doc_node *made = !response ? NULL : SHAPE_PLAIN(d->maker, a,
        "{'headers':{'content-type':[{'key':'Content-Type','value':'text/html; charset=utf-8'}]},'status':'200','statusDescription':'OK'}");
    const doc_node *from = !origin ? NULL : SHAPE_PLAIN(d->maker, a,
        "{'custom':{'customHeaders':{},'domainName':'example.org','keepaliveTimeout':5,'path':'','port':443,'protocol':'https','readTimeout':30,'sslProtocols':['TLSv1.2']}}");
    direct_add(d, d->trigger, SHAPE(d->maker, a,
        "{'Records':[{'cf':{'config':{'distributionDomainName':'d111111abcdef8.cloudfront.net','distributionId':'SFLINTSMOKE','eventType':'$event','requestId':'${hex54}=='},"
        "'request':{'clientIp':'203.0.113.178','headers':{'host':[{'key':'Host','value':'d111111abcdef8.cloudfront.net'}],'user-agent':[{'key':'User-Agent','value':'sflint-smoke'}],"
        "'accept':[{'key':'accept','value':'*/*'}]},'method':'GET','origin':'$origin','querystring':'','uri':'/'},'response':'$response'}}]}",
        { "event", js_string(a, d->trigger.len > 0 ? d->trigger : SLICE("viewer-request")) }, { "origin", from }, { "response", made }));
}

/* ---- alarms. CloudWatch user guide, "Invoke a Lambda function from an alarm", "Alarm events"; what topics get: "Notifying users on alarm changes" ---- */

void direct_alarm(direct *d) {
    maker *m = d->maker;
    arena *a = d->arena;
    const resource *alarm = d->edge->from->resource;
    slice state = edge_filter_text(m, d->edge, "state[0]");
    if (state.len == 0 || (d->edge->to->role == ROLE_MONITOR)) {
        d->cannot = SLICE("an alarm's state is not followed by other alarms here");
        return;
    }
    slice metric = property_text(m, alarm, "MetricName", d->edge->when), space = property_text(m, alarm, "Namespace", d->edge->when);
    shape_pair pairs[] = {
        { "name", own_name(d, alarm) }, { "arn", js_string(a, world_node_arn(m->world, d->edge->from)) }, { "state", js_string(a, state) },
        { "before", js_cstr(a, slice_is(state, "OK") ? "ALARM" : "OK") }, { "metric", js_string(a, metric.len > 0 ? metric : SLICE("Errors")) },
        { "space", js_string(a, space.len > 0 ? space : SLICE("AWS/Lambda")) }, { "moment", js_format(a, "%.23s+0000", make_time(a, m->now_ms, true).at) },
    };
    const char *to_function =
        "{'source':'aws.cloudwatch','alarmArn':'$arn','accountId':'$account','time':'$moment','region':'$region','alarmData':{'alarmName':'$name',"
        "'state':{'value':'$state','reason':'sflint smoke','timestamp':'$moment'},'previousState':{'value':'$before','reason':'sflint smoke','timestamp':'$moment'},"
        "'configuration':{'description':'','metrics':[{'id':'m1','metricStat':{'metric':{'namespace':'$space','name':'$metric','dimensions':{}},'period':60,'stat':'Sum'},"
        "'returnData':true}]}}}";
    const char *to_topic =
        "{'AlarmName':'$name','AlarmDescription':null,'AWSAccountId':'$account','NewStateValue':'$state','NewStateReason':'sflint smoke','StateChangeTime':'$moment',"
        "'Region':'$region','AlarmArn':'$arn','OldStateValue':'$before','Trigger':{'MetricName':'$metric','Namespace':'$space','StatisticType':'Statistic','Statistic':'SUM',"
        "'Unit':null,'Dimensions':[],'Period':60,'EvaluationPeriods':1,'ComparisonOperator':'GreaterThanThreshold','Threshold':0,'TreatMissingData':'','EvaluateLowSampleCountPercentile':''}}";
    direct_add(d, state, shape_fill(m, a, d->edge->to->role == ROLE_COMPUTE ? to_function : to_topic, pairs, COUNT(pairs)));
}

/* ---- Client VPN. AWS Client VPN administrator guide, "Client connect handler" ---- */

void direct_clientvpn(direct *d) {
    direct_add(d, SLICE(""), SHAPE_PLAIN(d->maker, d->arena,
        "{'connection-id':'cvpn-connection-${hex17}','endpoint-id':'cvpn-endpoint-${hex17}','common-name':'sflint-smoke','username':'sflint-smoke','platform':'linux',"
        "'platform-version':'1','public-ip':'203.0.113.178','client-openvpn-version':'2.6','schema-version':'v1'}"));
}

/* ---- Transfer Family. AWS Transfer Family user guide, "Using AWS Lambda to integrate your identity provider", "Use custom file-processing steps" ---- */

void direct_transfer(direct *d) {
    maker *m = d->maker;
    arena *a = d->arena;
    if (d->edge->to->role != ROLE_COMPUTE) return;
    if (slice_is(d->trigger, "authorizer")) {
        direct_add(d, SLICE(""), SHAPE_PLAIN(m, a, "{'username':'sflint-smoke','password':'sflint-smoke','protocol':'SFTP','serverId':'s-${hex17}','sourceIp':'203.0.113.178'}"));
        return;
    }
    direct_add(d, SLICE(""), SHAPE_PLAIN(m, a,
        "{'token':'$hex32','serviceMetadata':{'executionDetails':{'workflowId':'w-${hex17}','executionId':'$uuid'},"
        "'transferDetails':{'sessionId':'$hex16','userName':'sflint-smoke','serverId':'s-${hex17}'}},"
        "'fileLocation':{'domain':'S3','bucket':'sflint-smoke','key':'sflint-smoke','eTag':'$hex32','versionId':null}}"));
}

/* ---- Bedrock agents. Amazon Bedrock user guide, "Configure Lambda functions to send information an Amazon Bedrock agent elicits" ---- */

void direct_agent(direct *d) {
    arena *a = d->arena;
    const doc_node *groups = property(d->maker, d->edge->from->resource, "ActionGroups", d->edge->when), *group = NULL;
    for (size_t i = 0; js_is(groups, DOC_LIST) && i < groups->list.len && group == NULL; i++)
        if (js_at(groups->list.at[i], "ActionGroupExecutor.Lambda") != NULL) group = groups->list.at[i];
    const doc_node *function = js_at(group, "FunctionSchema.Functions[0]"), *described = js_get(function, "Parameters");
    js_list parameters = { 0 };
    for (size_t i = 0; js_is(described, DOC_MAP) && i < described->map.len; i++) {
        slice type = js_str_of(described->map.at[i].value, "Type");
        bool number = slice_is(type, "number") || slice_is(type, "integer");
        js_push(a, &parameters, SHAPE(d->maker, a, "{'name':'$name','type':'$type','value':'$value'}", { "name", js_string(a, described->map.at[i].key) },
            { "type", js_string(a, type) }, { "value", js_cstr(a, number ? "1" : slice_is(type, "boolean") ? "true" : slice_is(type, "array") ? "[]" : "sflint-smoke") }));
    }
    direct_add(d, SLICE(""), SHAPE(d->maker, a,
        "{'messageVersion':'1.0','agent':{'name':'$agent','id':'SFLINTAGNT','alias':'TSTALIASID','version':'DRAFT'},'inputText':'sflint smoke','sessionId':'$digits15',"
        "'actionGroup':'$group','function':'$function','apiPath':'$path','httpMethod':'$method','parameters':'$parameters','sessionAttributes':{},'promptSessionAttributes':{}}",
        { "agent", own_name(d, d->edge->from->resource) }, { "group", js_string(a, js_str_of(group, "ActionGroupName")) },
        { "function", function != NULL ? js_string(a, js_str_of(function, "Name")) : NULL }, { "path", function != NULL ? NULL : js_cstr(a, "/") },
        { "method", function != NULL ? NULL : js_cstr(a, "GET") }, { "parameters", js_list_end(a, &parameters) }));
}
