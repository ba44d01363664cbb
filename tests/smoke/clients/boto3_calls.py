# boto3 against the AWS endpoint of clients/endpoint.yaml: python3 boto3_calls.py http://127.0.0.1:PORT
# A line a case: PASS name, or FAIL name and why. Ends with 1 when one failed.
import json, os, sys, urllib.error, urllib.request

URL = sys.argv[1]
os.environ.update(AWS_ENDPOINT_URL=URL, AWS_REGION='us-east-1', AWS_DEFAULT_REGION='us-east-1', AWS_ACCESS_KEY_ID='SFLINT00000000000000',
                  AWS_SECRET_ACCESS_KEY='x', AWS_SESSION_TOKEN='x', AWS_EC2_METADATA_DISABLED='true', AWS_MAX_ATTEMPTS='1',
                  AWS_CONFIG_FILE='/dev/null', AWS_SHARED_CREDENTIALS_FILE='/dev/null')
import boto3
import botocore
from botocore.exceptions import ClientError

ACCOUNT = '123456789012'
ARN = 'arn:aws:%s:us-east-1:' + ACCOUNT + ':%s'
cases = []


def case(f):
    cases.append(f)
    return f


def client(name, key='SFLINT00000000000000', **more):
    return boto3.client(name, aws_access_key_id=key, aws_secret_access_key='x', aws_session_token='x', **more)


def second(name):
    return client(name, 'SFLINT00000000000001')


def same(got, want):
    assert got == want, 'got %r, want %r' % (got, want)


def fails(code, call, status=None, text=None):
    try:
        got = call()
    except ClientError as e:
        same(e.response['Error']['Code'], code)
        if status:
            same(e.response['ResponseMetadata']['HTTPStatusCode'], status)
        if text:
            assert text in e.response['Error']['Message'], e.response['Error']['Message']
        return e
    raise AssertionError('no error, got %r' % (got,))


def notes():
    return json.load(urllib.request.urlopen(URL + '/_serve/notes'))


def noted(function, text):
    assert any(text in n for n in notes()[function]), notes()[function]


sqs, sns, events, lam, sfn = client('sqs'), client('sns'), client('events'), client('lambda'), client('stepfunctions')
queue = URL + '/' + ACCOUNT + '/Queue'
fifo = URL + '/' + ACCOUNT + '/orders.fifo'


@case
def sqs_queue_url():
    same(sqs.get_queue_url(QueueName='Queue')['QueueUrl'], queue)


@case
def sqs_message_goes_round():
    sent = sqs.send_message(QueueUrl=queue, MessageBody='h\u00e4llo <&> "x"', MessageAttributes={
        'kind': {'DataType': 'String', 'StringValue': 'a'}, 'raw': {'DataType': 'Binary', 'BinaryValue': b'\x00\x01'}, 'n': {'DataType': 'Number', 'StringValue': '5'}})
    import hashlib
    same(sent['MD5OfMessageBody'], hashlib.md5('h\u00e4llo <&> "x"'.encode()).hexdigest())
    assert sent['MD5OfMessageAttributes'] and sent['MessageId']
    got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, AttributeNames=['All'], MessageAttributeNames=['All'])['Messages']
    same(len(got), 1)
    same(got[0]['Body'], 'h\u00e4llo <&> "x"')
    same(got[0]['MessageId'], sent['MessageId'])
    same(got[0]['MessageAttributes']['raw']['BinaryValue'], b'\x00\x01')
    same(got[0]['MessageAttributes']['kind'], {'DataType': 'String', 'StringValue': 'a'})
    same(got[0]['MD5OfMessageAttributes'], sent['MD5OfMessageAttributes'])
    same(got[0]['Attributes']['ApproximateReceiveCount'], '1')
    assert 'Messages' not in sqs.receive_message(QueueUrl=queue)
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=got[0]['ReceiptHandle'], VisibilityTimeout=0)
    again = sqs.receive_message(QueueUrl=queue, AttributeNames=['ApproximateReceiveCount'])['Messages'][0]
    same(again['Attributes'], {'ApproximateReceiveCount': '2'})
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=again['ReceiptHandle'])
    same(sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=['All'])['Attributes']['ApproximateNumberOfMessages'], '0')


@case
def sqs_batches():
    r = sqs.send_message_batch(QueueUrl=queue, Entries=[{'Id': 'a', 'MessageBody': 'one'}, {'Id': 'b', 'MessageBody': 'two', 'DelaySeconds': 901},
                                                        {'Id': 'c', 'MessageBody': 'three', 'MessageAttributes': {'k': {'DataType': 'String', 'StringValue': 'v'}}}])
    same([x['Id'] for x in r['Successful']], ['a', 'c'])
    same([(x['Id'], x['Code'], x['SenderFault']) for x in r['Failed']], [('b', 'InvalidParameterValue', True)])
    got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)['Messages']
    same([m['Body'] for m in got], ['one', 'three'])
    d = sqs.delete_message_batch(QueueUrl=queue, Entries=[{'Id': str(i), 'ReceiptHandle': m['ReceiptHandle']} for i, m in enumerate(got)])
    same([x['Id'] for x in d['Successful']], ['0', '1'])
    fails('AWS.SimpleQueueService.TooManyEntriesInBatchRequest', lambda: sqs.send_message_batch(QueueUrl=queue, Entries=[{'Id': str(i), 'MessageBody': 'x'} for i in range(11)]))
    fails('AWS.SimpleQueueService.BatchEntryIdsNotDistinct', lambda: sqs.send_message_batch(QueueUrl=queue, Entries=[{'Id': 'a', 'MessageBody': 'x'}] * 2))


@case
def sqs_resource_and_long_poll():
    q = boto3.resource('sqs').Queue(queue)
    q.send_message(MessageBody='r')
    for m in q.receive_messages(WaitTimeSeconds=1):
        same(m.body, 'r')
        m.delete()
    same(q.receive_messages(WaitTimeSeconds=1), [])


@case
def sqs_errors():
    fails('AWS.SimpleQueueService.NonExistentQueue', lambda: sqs.send_message(QueueUrl=URL + '/' + ACCOUNT + '/none', MessageBody='x'), 400)
    try:
        sqs.get_queue_url(QueueName='none')
        assert False
    except sqs.exceptions.QueueDoesNotExist:
        pass
    fails('InvalidMessageContents', lambda: sqs.send_message(QueueUrl=queue, MessageBody='a\x01b'))
    fails('InvalidParameterValue', lambda: sqs.send_message(QueueUrl=queue, MessageBody='x' * 1048577))
    fails('InvalidParameterValue', lambda: sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=11))
    fails('ReceiptHandleIsInvalid', lambda: sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle='no', VisibilityTimeout=1))
    noted('First', 'no AWS::SQS::Queue of that name')


@case
def sqs_fifo():
    fails('MissingParameter', lambda: sqs.send_message(QueueUrl=fifo, MessageBody='x'))
    fails('InvalidParameterValue', lambda: sqs.send_message(QueueUrl=fifo, MessageBody='x', MessageGroupId='g'), text='ContentBasedDeduplication')
    a = sqs.send_message(QueueUrl=fifo, MessageBody='x', MessageGroupId='g', MessageDeduplicationId='1')
    b = sqs.send_message(QueueUrl=fifo, MessageBody='x', MessageGroupId='g', MessageDeduplicationId='1')
    same(a['MessageId'], b['MessageId'])
    assert len(a['SequenceNumber']) == 20


@case
def sns_publish():
    arn = ARN % ('sns', 'news')
    assert sns.publish(TopicArn=arn, Message='m', Subject='s', MessageAttributes={'k': {'DataType': 'String', 'StringValue': 'v'},
                                                                                  'b': {'DataType': 'Binary', 'BinaryValue': b'x'}})['MessageId']
    assert sns.publish(TargetArn=arn, Message=json.dumps({'default': 'd', 'sqs': 'q'}), MessageStructure='json')['MessageId']
    fails('InvalidParameter', lambda: sns.publish(TopicArn=arn, Message='{"sqs": "q"}', MessageStructure='json'), text='No default entry')
    fails('InvalidParameter', lambda: sns.publish(TopicArn=arn, Message='x', Subject='a\nb'))
    fails('NotFound', lambda: sns.publish(TopicArn=arn + 'x', Message='m'), 404)
    try:
        sns.publish(TopicArn=arn + 'x', Message='m')
    except sns.exceptions.NotFoundException:
        pass
    fails('InvalidParameter', lambda: sns.publish(TopicArn='news', Message='m'))
    assert sns.publish(PhoneNumber='+15550100', Message='m')['MessageId']
    noted('First', 'SMS to +15550100')


@case
def sns_batch_and_fifo():
    r = sns.publish_batch(TopicArn=ARN % ('sns', 'news'), PublishBatchRequestEntries=[{'Id': '1', 'Message': 'a', 'MessageAttributes': {'k': {'DataType': 'String', 'StringValue': 'v'}}},
                                                                                     {'Id': '2', 'Message': 'b', 'Subject': 'x' * 101}])
    same([x['Id'] for x in r['Successful']], ['1'])
    same([x['Id'] for x in r['Failed']], ['2'])
    fails('InvalidParameter', lambda: sns.publish(TopicArn=ARN % ('sns', 'news.fifo'), Message='m'), text='MessageGroupId')
    assert sns.publish(TopicArn=ARN % ('sns', 'news.fifo'), Message='m', MessageGroupId='g')['SequenceNumber']


@case
def events_put():
    r = events.put_events(Entries=[
        {'Source': 's', 'DetailType': 'd', 'Detail': '{"a":1}', 'EventBusName': 'shop', 'Resources': ['r']},
        {'Source': 's', 'DetailType': 'd', 'Detail': '[1]'},
        {'Source': 'aws.s3', 'DetailType': 'd', 'Detail': '{}'},
        {'Source': 's', 'Detail': '{}'},
        {'Source': 's', 'DetailType': 'd', 'Detail': '{}', 'EventBusName': ARN % ('events', 'event-bus/shop')},
        {'Source': 's', 'DetailType': 'd', 'Detail': '{}', 'EventBusName': 'none'},
    ])
    same(r['FailedEntryCount'], 4)
    same([e.get('ErrorCode') for e in r['Entries']], [None, 'MalformedDetail', 'NotAuthorizedForSourceException', 'InvalidArgument', None, 'ResourceNotFoundException'])
    assert r['Entries'][0]['EventId']
    noted('First', 'PutEvents: entry 1 was refused')
    fails('ValidationException', lambda: events.put_events(Entries=[{'Source': 's', 'DetailType': 'd', 'Detail': '{}'}] * 11))


@case
def lambda_invoke():
    r = lam.invoke(FunctionName='Third', Payload=b'{"a":1}')
    same(r['StatusCode'], 200)
    same(r['FunctionError'], 'Unhandled')            # nothing runs here
    assert 'errorMessage' in json.load(r['Payload'])
    same(lam.invoke(FunctionName=ARN % ('lambda', 'function:Third'), InvocationType='Event', Payload=b'{}')['StatusCode'], 202)
    same(lam.invoke(FunctionName='Third:live', InvocationType='DryRun')['StatusCode'], 204)
    same(lam.invoke(FunctionName='Third', Qualifier='live', InvocationType='Event')['StatusCode'], 202)
    fails('ResourceNotFoundException', lambda: lam.invoke(FunctionName='none'), 404, 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:none')
    fails('ResourceNotFoundException', lambda: lam.invoke(FunctionName='Third:dead'), 404)
    fails('InvalidRequestContentException', lambda: lam.invoke(FunctionName='Third', Payload=b'{no'), 400)
    fails('RequestTooLargeException', lambda: lam.invoke(FunctionName='Third', InvocationType='Event', Payload=b'"' + b'x' * 1048576 + b'"'), 413)
    fails('UnknownOperationException', lambda: lam.get_function(FunctionName='Third'), 501, 'sflint smoke does not emulate')
    fails('UnknownOperationException', lambda: lam.invoke_with_response_stream(FunctionName='Third'), 501)
    fails('UnknownOperationException', lambda: lam.invoke(FunctionName='First'), 501, 'which waits for this call itself')


@case
def states_executions():
    machine = ARN % ('states', 'stateMachine:pay')
    r = sfn.start_execution(stateMachineArn=machine, name='one', input='{"a":1}')
    assert r['executionArn'].endswith(':pay:one') and r['startDate']
    same(sfn.describe_execution(executionArn=r['executionArn'])['status'] in ('RUNNING', 'SUCCEEDED'), True)
    fails('ExecutionAlreadyExists', lambda: sfn.start_execution(stateMachineArn=machine, name='one', input='{"a":2}'))
    fails('InvalidExecutionInput', lambda: sfn.start_execution(stateMachineArn=machine, input='{no'))
    fails('InvalidName', lambda: sfn.start_execution(stateMachineArn=machine, name='a b'))
    fails('StateMachineDoesNotExist', lambda: sfn.start_execution(stateMachineArn=machine + 'x'))
    fails('StateMachineTypeNotSupported', lambda: sfn_sync.start_sync_execution(stateMachineArn=machine))
    fails('TaskTimedOut', lambda: sfn.send_task_success(taskToken='t', output='{}'))
    fails('InvalidOutput', lambda: sfn.send_task_success(taskToken='t', output='{no'))
    same(sfn.send_task_heartbeat(taskToken='t')['ResponseMetadata']['HTTPStatusCode'], 200)


sfn_sync = client('stepfunctions', config=botocore.config.Config(inject_host_prefix=False))


@case
def states_sync():
    r = sfn_sync.start_sync_execution(stateMachineArn=ARN % ('states', 'stateMachine:Quick'), input='{}')
    same((r['status'], json.loads(r['output'])), ('SUCCEEDED', {'done': True}))
    r = sfn_sync.start_sync_execution(stateMachineArn=ARN % ('states', 'stateMachine:Broken'))
    same((r['status'], r['error'], r['cause']), ('FAILED', 'Oh', 'not today'))


@case
def scheduler():
    s = client('scheduler')
    target = {'Arn': ARN % ('lambda', 'function:First'), 'RoleArn': 'arn:aws:iam::123456789012:role/FirstRole', 'Input': '{}'}
    ask = dict(Name='later', ScheduleExpression='at(2030-01-01T00:00:00)', Target=target, FlexibleTimeWindow={'Mode': 'OFF'})
    same(s.create_schedule(**ask)['ScheduleArn'], ARN % ('scheduler', 'schedule/default/later'))
    fails('ConflictException', lambda: s.create_schedule(**ask), 409)
    got = s.get_schedule(Name='later')
    same((got['Name'], got['GroupName'], got['State'], got['Target']['Input']), ('later', 'default', 'ENABLED', '{}'))
    s.update_schedule(**dict(ask, ScheduleExpression='rate(5 minutes)'))
    fails('ValidationException', lambda: s.create_schedule(**dict(ask, Name='b', ScheduleExpression='rate(5 fortnights)')), 400)
    fails('ResourceNotFoundException', lambda: s.create_schedule(**dict(ask, Name='c', GroupName='none')), 404)
    s.delete_schedule(Name='later')
    fails('ResourceNotFoundException', lambda: s.get_schedule(Name='later'), 404)


@case
def secrets():
    s = client('secretsmanager')
    got = s.get_secret_value(SecretId='shop/db')
    same((json.loads(got['SecretString']), got['VersionStages'], got['Name']), ({'user': 'u'}, ['AWSCURRENT'], 'shop/db'))
    same(s.get_secret_value(SecretId=got['ARN'])['VersionId'], got['VersionId'])
    made = json.loads(s.get_secret_value(SecretId='Made')['SecretString'])
    assert made['user'] == 'u' and len(made['password']) == 20 and made['password'].isalnum(), made
    fails('ResourceNotFoundException', lambda: s.get_secret_value(SecretId='none'), text="can't find the specified secret.")
    fails('ResourceNotFoundException', lambda: s.get_secret_value(SecretId='Empty'), text='staging label')
    noted('First', 'has no value in the templates')
    # a rotation, as its four steps do it
    token = '11111111-2222-3333-4444-555555555555'
    new = s.get_random_password(PasswordLength=12, ExcludePunctuation=True)['RandomPassword']
    same(len(new), 12)
    s.put_secret_value(SecretId='shop/db', ClientRequestToken=token, SecretString=new, VersionStages=['AWSPENDING'])
    same(s.get_secret_value(SecretId='shop/db', VersionStage='AWSPENDING', VersionId=token)['SecretString'], new)
    same(s.get_secret_value(SecretId='shop/db')['VersionId'], got['VersionId'])
    s.update_secret_version_stage(SecretId='shop/db', VersionStage='AWSCURRENT', MoveToVersionId=token, RemoveFromVersionId=got['VersionId'])
    same(s.get_secret_value(SecretId='shop/db')['SecretString'], new)
    about = s.describe_secret(SecretId='shop/db')
    same({k: sorted(v) for k, v in about['VersionIdsToStages'].items()}, {token: ['AWSCURRENT', 'AWSPENDING'], got['VersionId']: ['AWSPREVIOUS']})
    s.put_secret_value(SecretId='Empty', SecretBinary=b'\x00\xff')
    same(s.get_secret_value(SecretId='Empty')['SecretBinary'], b'\x00\xff')


@case
def parameters():
    s = client('ssm')
    same(s.get_parameter(Name='Plain')['Parameter']['Value'], 'one')
    same(s.get_parameter(Name='/shop/url', WithDecryption=True)['Parameter']['Value'], queue)
    same(s.get_parameter(Name=ARN % ('ssm', 'parameter/shop/url'))['Parameter']['Name'], '/shop/url')
    r = s.get_parameters(Names=['Plain', 'none'])
    same(([p['Name'] for p in r['Parameters']], r['InvalidParameters']), (['Plain'], ['none']))
    same([p['Name'] for p in s.get_parameters_by_path(Path='/shop')['Parameters']], ['/shop/url'])
    pages = s.get_paginator('get_parameters_by_path').paginate(Path='/shop/', Recursive=True, PaginationConfig={'PageSize': 1})
    same([p['Name'] for page in pages for p in page['Parameters']], ['/shop/a/b', '/shop/url'])
    fails('ParameterNotFound', lambda: s.get_parameter(Name='/none'))
    fails('ParameterAlreadyExists', lambda: s.put_parameter(Name='Plain', Value='two'))
    same(s.put_parameter(Name='Plain', Value='two', Overwrite=True)['Version'], 2)
    same(s.get_parameter(Name='Plain:2')['Parameter']['Value'], 'two')


@case
def sts():
    s = client('sts')
    same(s.get_caller_identity()['Arn'], 'arn:aws:sts::123456789012:assumed-role/FirstRole/First')
    r = s.assume_role(RoleArn='arn:aws:iam::123456789012:role/SecondRole', RoleSessionName='xy')
    same(r['AssumedRoleUser']['Arn'], 'arn:aws:sts::123456789012:assumed-role/SecondRole/xy')
    assert r['Credentials']['Expiration'].year >= 2026
    noted('First', 'assumes SecondRole')


@case
def metrics_and_logs():
    c = client('cloudwatch')
    c.put_metric_data(Namespace='Shop', MetricData=[{'MetricName': 'n', 'Value': 1.5, 'Dimensions': [{'Name': 'a', 'Value': 'b'}]}])
    fails('InvalidParameterValue', lambda: c.put_metric_data(Namespace='AWS/Lambda', MetricData=[{'MetricName': 'n', 'Value': 1}]))
    l = client('logs')
    l.create_log_stream(logGroupName='/shop/log', logStreamName='s')
    l.put_log_events(logGroupName='/shop/log', logStreamName='s', logEvents=[{'timestamp': 1, 'message': 'm'}])
    fails('ResourceAlreadyExistsException', lambda: l.create_log_stream(logGroupName='/shop/log', logStreamName='s'))
    fails('ResourceNotFoundException', lambda: l.put_log_events(logGroupName='/none', logStreamName='s', logEvents=[{'timestamp': 1, 'message': 'm'}]))
    same([x['logStreamName'] for x in l.describe_log_streams(logGroupName='/shop/log')['logStreams']], ['s'])
    l.create_log_group(logGroupName='/mine')
    l.create_log_stream(logGroupName='/mine', logStreamName='s')
    same(client('xray').put_trace_segments(TraceSegmentDocuments=['{}', 'x'])['UnprocessedTraceSegments'][0]['ErrorCode'], 'ParseError')


@case
def configuration():
    c = client('appconfigdata')
    token = c.start_configuration_session(ApplicationIdentifier='shop', EnvironmentIdentifier='prod', ConfigurationProfileIdentifier='flags')['InitialConfigurationToken']
    r = c.get_latest_configuration(ConfigurationToken=token)
    same((json.load(r['Configuration']), r['ContentType'], r['NextPollIntervalInSeconds']), ({'on': True}, 'application/json', 60))
    same(c.get_latest_configuration(ConfigurationToken=r['NextPollConfigurationToken'])['Configuration'].read(), b'')
    fails('ResourceNotFoundException', lambda: c.start_configuration_session(ApplicationIdentifier='a', EnvironmentIdentifier='e', ConfigurationProfileIdentifier='p'), 404)


@case
def mail():
    assert client('ses').send_email(Source='a@example.com', Destination={'ToAddresses': ['b@example.com']},
                                    Message={'Subject': {'Data': 's'}, 'Body': {'Text': {'Data': 't'}}})['MessageId']
    assert client('sesv2').send_email(FromEmailAddress='a@example.com', Destination={'ToAddresses': ['c@example.com']},
                                      Content={'Simple': {'Subject': {'Data': 's'}, 'Body': {'Text': {'Data': 't'}}}})['MessageId']
    assert client('ses').send_raw_email(RawMessage={'Data': b'From: a@example.com\n\nx'})['MessageId']
    noted('First', 'mail to b@example.com')
    noted('First', 'mail to c@example.com')


@case
def connections():
    for c in (client('apigatewaymanagementapi'), client('apigatewaymanagementapi', endpoint_url=URL + '/prod')):
        c.post_to_connection(ConnectionId='L0SM9cOFvHcCIhw=', Data=b'x')
        same(c.get_connection(ConnectionId='L0SM9cOFvHcCIhw=')['Identity']['SourceIp'], '127.0.0.1')
        try:
            c.post_to_connection(ConnectionId='no', Data=b'x')
            assert False
        except c.exceptions.GoneException:
            pass
        fails('PayloadTooLargeException', lambda: c.post_to_connection(ConnectionId='L0SM9cOFvHcCIhw=', Data=b'x' * 131073), 413)
    noted('First', 'sent 1 bytes to the WebSocket connection')


@case
def keys():
    k = client('kms')
    sealed = k.encrypt(KeyId='Key', Plaintext=b'abc')['CiphertextBlob']
    same(k.decrypt(CiphertextBlob=sealed)['Plaintext'], b'abc')
    data = k.generate_data_key(KeyId=ARN % ('kms', 'key/Key'), KeySpec='AES_256')
    same((len(data['Plaintext']), k.decrypt(CiphertextBlob=data['CiphertextBlob'])['Plaintext']), (32, data['Plaintext']))
    fails('NotFoundException', lambda: k.encrypt(KeyId='none', Plaintext=b'abc'))
    fails('InvalidCiphertextException', lambda: k.decrypt(CiphertextBlob=b'abc'))
    noted('First', 'KMS is a toy')


@case
def things():
    client('iot-data', endpoint_url=URL).publish(topic='a/b', qos=0, payload=b'{}')
    noted('First', 'IoT topic a/b')


@case
def what_a_role_does_not_allow():
    e = fails('AccessDenied', lambda: second('sqs').send_message(QueueUrl=queue, MessageBody='x'),
              text='User: arn:aws:sts::123456789012:assumed-role/SecondRole/Second is not authorized to perform: sqs:SendMessage on resource: ' + ARN % ('sqs', 'Queue'))
    assert 'because no identity-based policy allows the sqs:SendMessage action' in str(e)
    noted('Second', 'AccessDenied: User: ')
    second('sqs').receive_message(QueueUrl=queue)
    fails('AuthorizationError', lambda: second('sns').publish(TopicArn=ARN % ('sns', 'news'), Message='m'), 403)
    fails('AccessDeniedException', lambda: second('lambda').invoke(FunctionName='First'), 403)
    fails('AccessDeniedException', lambda: second('stepfunctions').start_execution(stateMachineArn=ARN % ('states', 'stateMachine:pay')), 400)
    fails('AccessDeniedException', lambda: second('secretsmanager').get_secret_value(SecretId='shop/db'))
    same(second('ssm').get_parameter(Name='Plain')['ResponseMetadata']['HTTPStatusCode'], 200)
    fails('AccessDeniedException', lambda: second('ssm').get_parameters(Names=['/shop/url']))
    same(len(second('ssm').get_parameters_by_path(Path='/shop/a')['Parameters']), 1)
    good = {'Source': 's', 'DetailType': 'd', 'Detail': '{}', 'EventBusName': 'shop'}
    same(second('events').put_events(Entries=[good])['FailedEntryCount'], 0)
    fails('AccessDeniedException', lambda: second('events').put_events(Entries=[dict(good, EventBusName='default')]))
    fails('AccessDenied', lambda: second('cloudwatch').put_metric_data(Namespace='n', MetricData=[{'MetricName': 'n', 'Value': 1}]))
    second('ses').send_email(Source='x@example.com', Destination={'ToAddresses': ['b@c.de']}, Message={'Subject': {'Data': 's'}, 'Body': {'Text': {'Data': 't'}}})


@case
def what_is_not_emulated():
    fails('InvalidAction', lambda: client('iam').list_roles(), 400, 'sflint smoke does not emulate')
    fails('UnknownOperationException', lambda: client('athena').start_query_execution(QueryString='x'), 400)
    fails('UnknownOperationException', lambda: client('polly').synthesize_speech(OutputFormat='mp3', Text='t', VoiceId='Amy'), 501)
    fails('UnknownOperationException', lambda: client('cognito-idp').admin_get_user(UserPoolId='us-east-1_a', Username='u'), 400)
    query = sqs.meta.service_model.metadata['protocol'] == 'query'       # botocore before 1.31.81
    fails('InvalidAction' if query else 'UnknownOperationException', lambda: sqs.purge_queue(QueueUrl=queue), 400)
    noted('First', 'NOT SMOKE-TESTED: handler First called ')


@case
def paths_of_our_own():
    try:
        urllib.request.urlopen(urllib.request.Request(URL + '/_sflint/nobody', data=b'{}', method='PUT'))
        assert False
    except urllib.error.HTTPError as e:
        same(e.code, 404)
    try:
        urllib.request.urlopen(URL + '/_api/none/x')
        assert False
    except urllib.error.HTTPError as e:
        same(e.code, 404)


failed = 0
for f in cases:
    try:
        f()
        print('PASS boto3', f.__name__)
    except Exception as e:
        failed = 1
        print('FAIL boto3 %s: %s: %s (line %s)' % (f.__name__, type(e).__name__, e, e.__traceback__.tb_next.tb_lineno if e.__traceback__.tb_next else '?'))
sys.exit(failed)
