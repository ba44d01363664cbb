# boto3's Kinesis and Firehose against the endpoint of stores.yaml: python3 kinesis.py http://127.0.0.1:PORT
# A line a case: PASS name, or FAIL name and why. Ends with 1 when one failed.
from stores import case, client, fails, run, same

kinesis, firehose = client('kinesis'), client('firehose')


@case
def records_go_in_and_come_back():
    one = kinesis.put_record(StreamName='clicks', Data=b'\0hello', PartitionKey='p')
    assert one['ShardId'] in ('shardId-000000000000', 'shardId-000000000001') and one['SequenceNumber'].isdigit()
    many = kinesis.put_records(StreamName='clicks', Records=[{'Data': b'%d' % i, 'PartitionKey': 'k%d' % i} for i in range(20)])
    same((many['FailedRecordCount'], len(many['Records'])), (0, 20))
    same(kinesis.put_record(StreamName='clicks', Data=b'x', PartitionKey='p', ExplicitHashKey='0')['ShardId'], 'shardId-000000000000')
    same(kinesis.put_record(StreamName='clicks', Data=b'x', PartitionKey='p', ExplicitHashKey=str(2 ** 128 - 1))['ShardId'], 'shardId-000000000001')
    got, shards = [], kinesis.list_shards(StreamName='clicks')['Shards']
    same([s['HashKeyRange'] for s in shards], [{'StartingHashKey': '0', 'EndingHashKey': str(2 ** 127 - 1)}, {'StartingHashKey': str(2 ** 127), 'EndingHashKey': str(2 ** 128 - 1)}])
    for s in shards:
        it = kinesis.get_shard_iterator(StreamName='clicks', ShardId=s['ShardId'], ShardIteratorType='TRIM_HORIZON')['ShardIterator']
        page = kinesis.get_records(ShardIterator=it)
        got += [r['Data'] for r in page['Records']]
        same(kinesis.get_records(ShardIterator=page['NextShardIterator'])['Records'], [])
    same(sorted(got), sorted([b'\0hello', b'x', b'x'] + [b'%d' % i for i in range(20)]))
    it = kinesis.get_shard_iterator(StreamName='clicks', ShardId=one['ShardId'], ShardIteratorType='AT_SEQUENCE_NUMBER', StartingSequenceNumber=one['SequenceNumber'])['ShardIterator']
    same(kinesis.get_records(ShardIterator=it, Limit=1)['Records'][0]['Data'], b'\0hello')


@case
def a_stream_describes_itself():
    same(kinesis.describe_stream(StreamName='clicks')['StreamDescription']['StreamStatus'], 'ACTIVE')
    same(kinesis.describe_stream_summary(StreamName='clicks')['StreamDescriptionSummary']['OpenShardCount'], 2)


@case
def wrong_records_are_refused():
    fails('ResourceNotFoundException', lambda: kinesis.put_record(StreamName='nix', Data=b'x', PartitionKey='p'), 400, 'Stream nix under account 123456789012 not found.')
    fails('ValidationException', lambda: kinesis.put_record(StreamName='clicks', Data=b'x' * (1024 * 1024), PartitionKey='p'), 400)
    fails('ValidationException', lambda: kinesis.put_records(StreamName='clicks', Records=[{'Data': b'', 'PartitionKey': 'k'}] * 501), 400)
    fails('ValidationException', lambda: kinesis.put_record(StreamName='clicks', Data=b'x', PartitionKey='p', ExplicitHashKey=str(2 ** 128)), 400)
    fails('InvalidArgumentException', lambda: kinesis.get_records(ShardIterator='AAAA'), 400)
    fails('UnknownOperationException', lambda: kinesis.create_stream(StreamName='more', ShardCount=1), 400)


@case
def firehose_takes_records():
    assert firehose.put_record(DeliveryStreamName='logs', Record={'Data': b'x\n'})['RecordId']
    got = firehose.put_record_batch(DeliveryStreamName='logs', Records=[{'Data': b'1'}, {'Data': b'2'}])
    same((got['FailedPutCount'], len({r['RecordId'] for r in got['RequestResponses']})), (0, 2))
    fails('ResourceNotFoundException', lambda: firehose.put_record(DeliveryStreamName='nix', Record={'Data': b'x'}), 400)
    fails('ValidationException', lambda: firehose.put_record(DeliveryStreamName='logs', Record={'Data': b'x' * 1024001}), 400)


@case
def the_role_of_the_caller_is_asked():
    other = client('kinesis', 'SFLINT00000000000001')
    other.put_record(StreamName='clicks', Data=b'x', PartitionKey='p')
    fails('AccessDeniedException', lambda: other.put_records(StreamName='clicks', Records=[{'Data': b'x', 'PartitionKey': 'p'}]), 400)


run()
