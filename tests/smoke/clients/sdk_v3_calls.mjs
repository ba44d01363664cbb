// The AWS SDK for JavaScript v3 against the AWS endpoint of clients/endpoint.yaml: node sdk_v3_calls.mjs http://127.0.0.1:PORT
// (with @aws-sdk/client-* beside it or in NODE_PATH's node_modules). A line a case: PASS name, or FAIL name and why. Ends with 1 when one failed.
import { createRequire } from 'node:module';
import { createHash } from 'node:crypto';
import assert from 'node:assert/strict';

const url = process.argv[2];
const require = createRequire(process.env.SDK_FOLDER ? process.env.SDK_FOLDER + '/' : import.meta.url);
Object.assign(process.env, { AWS_ENDPOINT_URL: url, AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'SFLINT00000000000000',
    AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 'x', AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });

const sdk = name => require('@aws-sdk/client-' + name);
const { SQS } = sdk('sqs'), { SNS } = sdk('sns'), { EventBridge } = sdk('eventbridge'), { Lambda } = sdk('lambda'), { SFN } = sdk('sfn');
const { Scheduler } = sdk('scheduler'), { SecretsManager } = sdk('secrets-manager'), { SSM } = sdk('ssm'), { STS } = sdk('sts');
const { CloudWatch } = sdk('cloudwatch'), { CloudWatchLogs } = sdk('cloudwatch-logs'), { XRay } = sdk('xray'), { AppConfigData } = sdk('appconfigdata');
const { ApiGatewayManagementApi } = sdk('apigatewaymanagementapi'), { SES } = sdk('ses'), { SESv2 } = sdk('sesv2'), { KMS } = sdk('kms');
const { IoTDataPlane } = sdk('iot-data-plane'), { Kinesis } = sdk('kinesis');

const arn = (service, rest) => `arn:aws:${service}:us-east-1:123456789012:${rest}`;
const second = { credentials: { accessKeyId: 'SFLINT00000000000001', secretAccessKey: 'x', sessionToken: 'x' } };
const queue = url + '/123456789012/Queue', fifo = url + '/123456789012/orders.fifo';
const text = bytes => new TextDecoder().decode(bytes);

// The error's name, tries and message.
async function fails(name, call, more = {}) {
    let got;
    try {
        got = await call();
    } catch (e) {
        assert.equal(e.name, name, `${e.name}: ${e.message}`);
        if (e.$metadata) assert.equal(e.$metadata.attempts, 1, 'tries');
        for (const [key, want] of Object.entries(more)) {
            const have = key === 'status' ? e.$metadata.httpStatusCode : e[key];
            if (want instanceof RegExp) assert.match(String(have), want);
            else assert.equal(have, want, key);
        }
        return e;
    }
    assert.fail(`no error, got ${JSON.stringify(got)}`);
}

async function noted(name, part) {
    const all = await (await fetch(url + '/_serve/notes')).json();
    assert.ok(all[name].some(n => n.includes(part)), JSON.stringify(all[name]));
}

const cases = {
    async sqs() {
        const sqs = new SQS({});
        assert.equal((await sqs.getQueueUrl({ QueueName: 'Queue' })).QueueUrl, queue);
        const sent = await sqs.sendMessage({ QueueUrl: queue, MessageBody: 'hällo <&>', MessageAttributes: { k: { DataType: 'String', StringValue: 'v' }, b: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1]) } } });
        assert.equal(sent.MD5OfMessageBody, createHash('md5').update('hällo <&>').digest('hex'));
        const got = (await sqs.receiveMessage({ QueueUrl: queue, MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['k', 'b'] })).Messages;
        assert.equal(got[0].Body, 'hällo <&>');
        assert.deepEqual([...got[0].MessageAttributes.b.BinaryValue], [0, 1]);
        assert.equal(got[0].Attributes.ApproximateReceiveCount, '1');
        await sqs.changeMessageVisibility({ QueueUrl: queue, ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: 60 });
        await sqs.deleteMessage({ QueueUrl: queue, ReceiptHandle: got[0].ReceiptHandle });
        assert.equal((await sqs.receiveMessage({ QueueUrl: queue, WaitTimeSeconds: 1 })).Messages, undefined);
        const batch = await sqs.sendMessageBatch({ QueueUrl: queue, Entries: [{ Id: 'a', MessageBody: 'x' }, { Id: 'b', MessageBody: 'a\u0001' }] });
        assert.deepEqual([batch.Successful.map(e => e.Id), batch.Failed.map(e => [e.Id, e.Code])], [['a'], [['b', 'InvalidMessageContents']]]);
        const left = (await sqs.receiveMessage({ QueueUrl: queue, MaxNumberOfMessages: 10 })).Messages;
        await sqs.deleteMessageBatch({ QueueUrl: queue, Entries: left.map((m, i) => ({ Id: `${i}`, ReceiptHandle: m.ReceiptHandle })) });
        assert.equal((await sqs.getQueueAttributes({ QueueUrl: queue, AttributeNames: ['QueueArn'] })).Attributes.QueueArn, arn('sqs', 'Queue'));
    },
    async sqs_many_at_once() {
        const sqs = new SQS({});
        const sent = await Promise.all([...Array(40).keys()].map(i => sqs.sendMessage({ QueueUrl: fifo, MessageBody: `${i}`, MessageGroupId: 'g', MessageDeduplicationId: `d${i}` })));
        assert.equal(new Set(sent.map(s => s.SequenceNumber)).size, 40);
    },
    async sqs_errors() {
        const sqs = new SQS({});
        await fails('QueueDoesNotExist', () => sqs.sendMessage({ QueueUrl: url + '/123456789012/none', MessageBody: 'x' }), { Code: 'AWS.SimpleQueueService.NonExistentQueue', status: 400 });
        await fails('MissingParameter', () => sqs.sendMessage({ QueueUrl: fifo, MessageBody: 'x' }), { message: /MessageGroupId/ });
        await fails('UnknownOperationException', () => sqs.purgeQueue({ QueueUrl: queue }), { message: /sflint smoke does not emulate AmazonSQS.PurgeQueue/ });
        await noted('First', 'NOT SMOKE-TESTED: handler First called AmazonSQS.PurgeQueue, which sflint does not emulate');
        await fails('AccessDenied', () => new SQS(second).sendMessage({ QueueUrl: queue, MessageBody: 'x' }), { message: /is not authorized to perform: sqs:SendMessage on resource/ });
    },
    async sns() {
        const sns = new SNS({}), TopicArn = arn('sns', 'news');
        assert.ok((await sns.publish({ TopicArn, Message: 'm', MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } })).MessageId);
        const r = await sns.publishBatch({ TopicArn, PublishBatchRequestEntries: [{ Id: '1', Message: 'a' }, { Id: '2', Message: '' }] });
        assert.deepEqual([r.Successful.length, r.Failed.length], [1, 1]);
        await fails('NotFoundException', () => sns.publish({ TopicArn: TopicArn + 'x', Message: 'm' }), { status: 404 });
        await fails('InvalidParameterException', () => sns.publish({ TopicArn: arn('sns', 'news.fifo'), Message: 'm' }));
        await fails('AuthorizationErrorException', () => new SNS(second).publish({ TopicArn, Message: 'm' }));
        await fails('InvalidAction', () => sns.createTopic({ Name: 'x' }));
    },
    async events() {
        const r = await new EventBridge({}).putEvents({ Entries: [{ Source: 's', DetailType: 'd', Detail: '{}', EventBusName: 'shop', Time: new Date(1700000000500) }, { Source: 's', DetailType: 'd', Detail: '1' }] });
        assert.deepEqual([r.FailedEntryCount, r.Entries[1].ErrorCode], [1, 'MalformedDetail']);
        assert.match(r.Entries[0].EventId, /^[0-9a-f-]{36}$/);
    },
    async lambda() {
        const lambda = new Lambda({});
        const r = await lambda.invoke({ FunctionName: 'Third:live', Payload: JSON.stringify({ a: 1 }), LogType: 'Tail' });
        assert.deepEqual([r.StatusCode, r.FunctionError], [200, 'Unhandled']);
        assert.ok(JSON.parse(text(r.Payload)).errorMessage);
        assert.equal((await lambda.invoke({ FunctionName: arn('lambda', 'function:Third'), InvocationType: 'Event', Payload: '{}' })).StatusCode, 202);
        assert.equal((await lambda.invoke({ FunctionName: 'Third', InvocationType: 'DryRun' })).StatusCode, 204);
        await fails('ResourceNotFoundException', () => lambda.invoke({ FunctionName: 'none' }), { message: /Function not found: arn/, status: 404 });
        await fails('InvalidRequestContentException', () => lambda.invoke({ FunctionName: 'Third', Payload: '{no' }));
        await fails('UnknownOperationException', () => lambda.invokeWithResponseStream({ FunctionName: 'Third' }), { status: 501 });
    },
    async states() {
        const sfn = new SFN({}), sync = new SFN({ disableHostPrefix: true });
        const r = await sfn.startExecution({ stateMachineArn: arn('states', 'stateMachine:pay'), name: 'js' });
        assert.ok(r.startDate instanceof Date && r.executionArn.endsWith(':js'));
        assert.ok(['RUNNING', 'SUCCEEDED'].includes((await sfn.describeExecution({ executionArn: r.executionArn })).status));
        await fails('StateMachineDoesNotExist', () => sfn.startExecution({ stateMachineArn: arn('states', 'stateMachine:none') }));
        const done = await sync.startSyncExecution({ stateMachineArn: arn('states', 'stateMachine:Quick'), input: '{}' });
        assert.deepEqual([done.status, done.output], ['SUCCEEDED', '{"done":true}']);
        await fails('TaskTimedOut', () => sfn.sendTaskFailure({ taskToken: 't', error: 'E' }));
    },
    async scheduler() {
        const s = new Scheduler({});
        const ask = { Name: 'js', ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: arn('lambda', 'function:First'), RoleArn: 'arn:aws:iam::123456789012:role/FirstRole' } };
        assert.equal((await s.createSchedule(ask)).ScheduleArn, arn('scheduler', 'schedule/default/js'));
        await fails('ConflictException', () => s.createSchedule(ask));
        assert.equal((await s.getSchedule({ Name: 'js' })).ScheduleExpression, 'rate(1 hour)');
        await s.deleteSchedule({ Name: 'js' });
        await fails('ResourceNotFoundException', () => s.deleteSchedule({ Name: 'js' }));
        await fails('AccessDeniedException', () => new Scheduler(second).createSchedule(ask));
    },
    async secrets_and_parameters() {
        const s = new SecretsManager({}), p = new SSM({});
        assert.ok((await s.getSecretValue({ SecretId: 'Made' })).CreatedDate instanceof Date);
        await fails('ResourceNotFoundException', () => s.getSecretValue({ SecretId: 'none' }));
        assert.equal((await p.getParameter({ Name: '/shop/url' })).Parameter.Value, queue);
        await fails('ParameterNotFound', () => p.getParameter({ Name: '/none' }));
        assert.equal((await p.getParametersByPath({ Path: '/shop', Recursive: true })).Parameters.length, 2);
    },
    async sts() {
        const s = new STS({});
        assert.equal((await s.getCallerIdentity({})).Account, '123456789012');
        assert.ok((await s.assumeRole({ RoleArn: 'arn:aws:iam::123456789012:role/SecondRole', RoleSessionName: 'js' })).Credentials.Expiration instanceof Date);
    },
    async monitoring() {
        await new CloudWatch({}).putMetricData({ Namespace: 'Shop', MetricData: [{ MetricName: 'n', Value: 1, Timestamp: new Date() }] });
        const logs = new CloudWatchLogs({});
        await logs.createLogStream({ logGroupName: '/shop/log', logStreamName: 'js' });
        await logs.putLogEvents({ logGroupName: '/shop/log', logStreamName: 'js', logEvents: [{ timestamp: 1, message: 'm' }] });
        assert.deepEqual((await new XRay({}).putTraceSegments({ TraceSegmentDocuments: ['{}'] })).UnprocessedTraceSegments, []);
    },
    async configuration() {
        const c = new AppConfigData({});
        const { InitialConfigurationToken } = await c.startConfigurationSession({ ApplicationIdentifier: 'shop', EnvironmentIdentifier: 'prod', ConfigurationProfileIdentifier: 'flags' });
        const r = await c.getLatestConfiguration({ ConfigurationToken: InitialConfigurationToken });
        assert.equal(text(r.Configuration), '{"on":true}');
    },
    async mail() {
        const Body = { Text: { Data: 't' } }, Subject = { Data: 's' };
        assert.ok((await new SES({}).sendEmail({ Source: 'a@example.com', Destination: { ToAddresses: ['b@example.com'] }, Message: { Subject, Body } })).MessageId);
        assert.ok((await new SESv2({}).sendEmail({ FromEmailAddress: 'a@example.com', Destination: { ToAddresses: ['b@example.com'] }, Content: { Simple: { Subject, Body } } })).MessageId);
    },
    async connections() {
        const c = new ApiGatewayManagementApi({ endpoint: url + '/prod' });
        await c.postToConnection({ ConnectionId: 'L0SM9cOFvHcCIhw=', Data: 'x' });
        assert.ok((await c.getConnection({ ConnectionId: 'L0SM9cOFvHcCIhw=' })).ConnectedAt instanceof Date);
        await fails('GoneException', () => c.postToConnection({ ConnectionId: 'no', Data: 'x' }), { status: 410 });
    },
    async keys_and_things() {
        const k = new KMS({});
        const { CiphertextBlob } = await k.encrypt({ KeyId: 'Key', Plaintext: new Uint8Array([1, 2]) });
        assert.deepEqual([...(await k.decrypt({ CiphertextBlob })).Plaintext], [1, 2]);
        await new IoTDataPlane({ endpoint: url }).publish({ topic: 'a/b', payload: '{}' });
    },
    // The client speaks HTTP/2 from the first byte: the call fails soon, and nothing else is hurt.
    async kinesis_over_http2_is_noted() {
        const began = Date.now();
        await assert.rejects(new Kinesis({ maxAttempts: 1 }).putRecord({ StreamName: 's', PartitionKey: 'p', Data: new Uint8Array([1]) }));
        assert.ok(Date.now() - began < 5000);
        await noted('Second', 'HTTP/2');
        assert.ok((await new STS({}).getCallerIdentity({})).Arn);
    },
};

let failed = 0;
for (const [name, run] of Object.entries(cases)) {
    try {
        await run();
        console.log('PASS sdk-v3', name);
    } catch (e) {
        failed = 1;
        console.log('FAIL sdk-v3', name + ':', e.stack.split('\n').filter(l => !l.includes('node:')).slice(0, 4).join(' | '));
    }
}
process.exit(failed);
