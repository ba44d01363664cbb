# boto3's DynamoDB against the endpoint of stores.yaml: python3 dynamodb.py http://127.0.0.1:PORT
# A line a case: PASS name, or FAIL name and why. Ends with 1 when one failed.
from decimal import Decimal

from stores import boto3, case, client, fails, run, same
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary

db = client('dynamodb')
orders = boto3.resource('dynamodb').Table('orders')
simple = boto3.resource('dynamodb').Table('Simple')


def row(pk, sk, **more):
    return {'pk': pk, 'sk': sk, **more}


@case
def an_item_of_every_type_comes_back():
    item = row('types', 1, text='x', empty='', number=Decimal('12345678901234567890.123'), small=Decimal('1E-100'), yes=True, none=None, raw=Binary(b'\0\1\xff'),
               list=[1, 'a', [True]], map={'a': {'b': Decimal(1)}}, strings={'b', 'a'}, numbers={3, 1, 2}, raws={Binary(b'a'), Binary(b'b')})
    orders.put_item(Item=item)
    same(orders.get_item(Key=row('types', 1), ConsistentRead=True)['Item'], item)
    same(orders.get_item(Key=row('types', 1), ProjectionExpression='#m.a.b, #l[1]', ExpressionAttributeNames={'#m': 'map', '#l': 'list'})['Item'],
         {'map': {'a': {'b': 1}}, 'list': ['a']})
    assert 'Item' not in orders.get_item(Key=row('types', 2))


@case
def writes_give_what_was():
    same('Attributes' in simple.put_item(Item={'id': 'a', 'n': 1}, ReturnValues='ALL_OLD'), False)
    same(simple.put_item(Item={'id': 'a', 'n': 2}, ReturnValues='ALL_OLD')['Attributes'], {'id': 'a', 'n': 1})
    same(simple.delete_item(Key={'id': 'a'}, ReturnValues='ALL_OLD')['Attributes'], {'id': 'a', 'n': 2})
    same('Attributes' in simple.delete_item(Key={'id': 'a'}, ReturnValues='ALL_OLD'), False)


@case
def a_condition_that_fails_is_its_own_exception():
    simple.put_item(Item={'id': 'c', 'n': 1}, ConditionExpression='attribute_not_exists(id)')
    try:
        simple.put_item(Item={'id': 'c'}, ConditionExpression=Attr('id').not_exists())
        raise AssertionError('written')
    except db.exceptions.ConditionalCheckFailedException as e:
        same(e.response['Error']['Message'], 'The conditional request failed')
    got = fails('ConditionalCheckFailedException', lambda: db.put_item(TableName='orders', Item={'pk': {'S': 'x'}, 'sk': {'N': '1'}}, ConditionExpression='attribute_exists(pk)'), 400)
    same('Item' in got, False)
    got = fails('ConditionalCheckFailedException', lambda: db.put_item(TableName='Simple', Item={'id': {'S': 'c'}}, ConditionExpression='attribute_not_exists(id)',
                                                                        ReturnValuesOnConditionCheckFailure='ALL_OLD'), 400)
    same(got['Item'], {'id': {'S': 'c'}, 'n': {'N': '1'}})


@case
def updates_count_append_and_remove():
    key = {'id': 'u'}
    got = simple.update_item(Key=key, UpdateExpression='SET #c = if_not_exists(#c, :zero) + :one, tags = :t ADD seen :s',
                             ExpressionAttributeNames={'#c': 'count'}, ExpressionAttributeValues={':zero': 0, ':one': 1, ':t': ['a'], ':s': {'x'}}, ReturnValues='ALL_NEW')
    same(got['Attributes'], {'id': 'u', 'count': 1, 'tags': ['a'], 'seen': {'x'}})
    got = simple.update_item(Key=key, UpdateExpression='SET #c = #c + :one, tags = list_append(tags, :t) DELETE seen :s', ExpressionAttributeNames={'#c': 'count'},
                             ExpressionAttributeValues={':one': 1, ':t': ['b'], ':s': {'x'}}, ReturnValues='UPDATED_NEW')
    same(got['Attributes'], {'count': 2, 'tags': ['a', 'b']})
    same(simple.update_item(Key=key, UpdateExpression='REMOVE tags[0]', ReturnValues='UPDATED_OLD')['Attributes'], {'tags': ['a']})
    same(simple.get_item(Key=key)['Item'], {'id': 'u', 'count': 2, 'tags': ['b']})
    same(simple.update_item(Key={'id': 'new'}, ReturnValues='ALL_NEW')['Attributes'], {'id': 'new'})
    fails('ValidationException', lambda: simple.update_item(Key=key, UpdateExpression='SET id = :v', ExpressionAttributeValues={':v': 'x'}), 400,
          'Cannot update attribute id. This attribute is part of the key')
    fails('ConditionalCheckFailedException', lambda: simple.update_item(Key=key, UpdateExpression='SET a = :v', ConditionExpression=Attr('count').gt(5),
                                                                         ExpressionAttributeValues={':v': 'x'}))


@case
def queries_follow_the_sort_key():
    for sk in (10, 9, -1, 2, Decimal('2.5'), 100):
        orders.put_item(Item=row('q', sk, even=sk % 2 == 0, email='q@x', placed='2026-01-%02d' % (abs(int(sk)) % 28 + 1), total=sk))
    sks = lambda **more: [i['sk'] for i in orders.query(**more)['Items']]
    q = Key('pk').eq('q')
    same(sks(KeyConditionExpression=q), [-1, 2, Decimal('2.5'), 9, 10, 100])
    same(sks(KeyConditionExpression=q, ScanIndexForward=False, Limit=2), [100, 10])
    same(sks(KeyConditionExpression=q & Key('sk').between(2, 9)), [2, Decimal('2.5'), 9])
    same(sks(KeyConditionExpression=q & Key('sk').gt(9)), [10, 100])
    same(sks(KeyConditionExpression=q & Key('sk').gte(9)), [9, 10, 100])
    same(sks(KeyConditionExpression=q & Key('sk').lt(2)), [-1])
    same(sks(KeyConditionExpression=q & Key('sk').lte(2)), [-1, 2])
    same(sks(KeyConditionExpression=q & Key('sk').eq(9)), [9])
    got = orders.query(KeyConditionExpression=q, FilterExpression=Attr('even').eq(True), Limit=3)
    same((got['Count'], got['ScannedCount'], got['LastEvaluatedKey']), (1, 3, row('q', Decimal('2.5'))))
    same(sks(KeyConditionExpression=q, ExclusiveStartKey=got['LastEvaluatedKey']), [9, 10, 100])
    same(orders.query(KeyConditionExpression=q, Select='COUNT')['Count'], 6)
    same(orders.query(KeyConditionExpression=q, ProjectionExpression='sk', Limit=1)['Items'], [{'sk': -1}])
    fails('ValidationException', lambda: orders.query(KeyConditionExpression=Key('sk').eq(9)), 400, 'Query condition missed key schema element: pk')
    fails('ValidationException', lambda: orders.query(KeyConditionExpression=q, FilterExpression=Attr('sk').eq(1)), 400,
          'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk')
    fails('ValidationException', lambda: orders.query(KeyConditionExpression=Key('pk').eq('q') & Key('sk').eq('9')), 400, 'does not match schema type')
    fails('ValidationException', lambda: orders.query(KeyConditionExpression='pk = :a OR pk = :b', ExpressionAttributeValues={':a': 'q', ':b': 'r'}), 400,
          'Invalid operator used in KeyConditionExpression: OR')


@case
def indexes_hold_the_items_that_have_their_key():
    orders.put_item(Item=row('i', 1, email='i@x', placed='2026-02-01', total=5, note='n'))
    orders.put_item(Item=row('i', 2, email='i@x', placed='2026-01-01', total=6))
    orders.put_item(Item=row('i', 3, email='i@x', total=7))
    by = lambda index, **more: orders.query(IndexName=index, KeyConditionExpression=Key('email').eq('i@x') if index != 'by-placed' else Key('pk').eq('i'), **more)['Items']
    same([i['sk'] for i in by('by-email')], [2, 1])
    same(by('by-email')[1]['note'], 'n')
    same(sorted(i['sk'] for i in by('emails')), [1, 2, 3])
    same([i for i in by('emails') if i['sk'] == 1], [row('i', 1, email='i@x', total=5)])
    same(by('by-placed'), [row('i', 2, placed='2026-01-01'), row('i', 1, placed='2026-02-01')])
    same(by('by-placed', Select='ALL_ATTRIBUTES')[1]['note'], 'n')
    same([i['sk'] for i in orders.query(IndexName='by-email', KeyConditionExpression=Key('email').eq('i@x') & Key('placed').begins_with('2026-02'))['Items']], [1])
    orders.update_item(Key=row('i', 1), UpdateExpression='SET email = :e', ExpressionAttributeValues={':e': 'other@x'})
    same([i['sk'] for i in by('by-email')], [2])
    orders.delete_item(Key=row('i', 2))
    same(by('by-email'), [])
    fails('ValidationException', lambda: by('nix'), 400, 'The table does not have the specified index: nix')
    fails('ValidationException', lambda: by('by-email', ConsistentRead=True), 400, 'Consistent reads are not supported on global secondary indexes')
    fails('ValidationException', lambda: by('emails', ProjectionExpression='note'), 400, 'does not project')
    fails('ValidationException', lambda: orders.put_item(Item=row('i', 4, email=5)), 400, 'Type mismatch for Index Key email Expected: S Actual: N IndexName: by-email')


@case
def pages_join_to_all_items():
    with simple.batch_writer() as batch:
        for i in range(1000):
            batch.put_item(Item={'id': 'page-%d' % i, 'n': i})
    got = []
    for page in client('dynamodb').get_paginator('scan').paginate(TableName='Simple', FilterExpression='begins_with(id, :p)', ExpressionAttributeValues={':p': {'S': 'page-'}},
                                                                  PaginationConfig={'PageSize': 77}):
        got += [i['id']['S'] for i in page['Items']]
    same((len(got), len(set(got))), (1000, 1000))
    assert got != sorted(got), 'a scan has no order that one could count on'
    got = []
    for s in range(4):
        got += [i['id'] for i in simple.scan(Segment=s, TotalSegments=4, FilterExpression=Attr('n').exists())['Items'] if i['id'].startswith('page-')]
    same((len(got), len(set(got))), (1000, 1000))
    for i in range(3):
        orders.put_item(Item=row('big', i, body='x' * 390000))
    first = orders.query(KeyConditionExpression=Key('pk').eq('big'))
    same((first['Count'], first['LastEvaluatedKey']), (3, row('big', 2)))
    same(orders.query(KeyConditionExpression=Key('pk').eq('big'), ExclusiveStartKey=first['LastEvaluatedKey'])['Count'], 0)


@case
def batches_read_and_write():
    db.batch_write_item(RequestItems={'Simple': [{'PutRequest': {'Item': {'id': {'S': 'b%d' % i}}}} for i in range(24)] + [{'DeleteRequest': {'Key': {'id': {'S': 'gone'}}}}]})
    got = db.batch_get_item(RequestItems={'Simple': {'Keys': [{'id': {'S': 'b%d' % i}} for i in range(30)], 'ProjectionExpression': 'id'}, 'orders': {'Keys': [{'pk': {'S': 'x'}, 'sk': {'N': '1'}}]}})
    same((len(got['Responses']['Simple']), got['Responses']['orders'], got['UnprocessedKeys']), (24, [], {}))
    twice = [{'PutRequest': {'Item': {'id': {'S': 'b'}}}}] * 2
    fails('ValidationException', lambda: db.batch_write_item(RequestItems={'Simple': twice}), 400, 'Provided list of item keys contains duplicates')
    many = [{'PutRequest': {'Item': {'id': {'S': 'm%d' % i}}}} for i in range(26)]
    fails('ValidationException', lambda: db.batch_write_item(RequestItems={'Simple': many}), 400, 'Too many items requested for the BatchWriteItem call')
    fails('ValidationException', lambda: db.batch_get_item(RequestItems={'Simple': {'Keys': [{'id': {'S': 'x'}}] * 2}}), 400, 'duplicates')
    fails('ResourceNotFoundException', lambda: db.batch_write_item(RequestItems={'nix': twice[:1]}), 400, 'Requested resource not found')


@case
def transactions_are_all_or_nothing():
    put = lambda i, **more: {'Put': {'TableName': 'Simple', 'Item': {'id': {'S': i}}, **more}}
    db.transact_write_items(TransactItems=[put('t1'), {'Update': {'TableName': 'Simple', 'Key': {'id': {'S': 't2'}}, 'UpdateExpression': 'SET n = :n', 'ExpressionAttributeValues': {':n': {'N': '1'}}}}])
    got = db.transact_get_items(TransactItems=[{'Get': {'TableName': 'Simple', 'Key': {'id': {'S': i}}}} for i in ('t1', 't2', 't3')])['Responses']
    same(got, [{'Item': {'id': {'S': 't1'}}}, {'Item': {'id': {'S': 't2'}, 'n': {'N': '1'}}}, {}])
    e = fails('TransactionCanceledException', lambda: db.transact_write_items(TransactItems=[
        put('t4'), put('t1', ConditionExpression='attribute_not_exists(id)', ReturnValuesOnConditionCheckFailure='ALL_OLD'),
        {'ConditionCheck': {'TableName': 'Simple', 'Key': {'id': {'S': 't2'}}, 'ConditionExpression': 'n = :one', 'ExpressionAttributeValues': {':one': {'N': '1'}}}}]), 400,
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None]')
    same(e['CancellationReasons'], [{'Code': 'None'}, {'Code': 'ConditionalCheckFailed', 'Message': 'The conditional request failed', 'Item': {'id': {'S': 't1'}}}, {'Code': 'None'}])
    assert 'Item' not in simple.get_item(Key={'id': 't4'})
    fails('ValidationException', lambda: db.transact_write_items(TransactItems=[put('t5'), put('t5')]), 400, 'cannot include multiple operations on one item')
    for token_items, code in (([put('t6')], None), ([put('t6')], None), ([put('t7')], 'IdempotentParameterMismatchException')):
        call = lambda: db.transact_write_items(TransactItems=token_items, ClientRequestToken='token-1')
        fails(code, call, 400) if code else call()


@case
def wrong_requests_are_told_in_the_words_of_the_service():
    item = {'pk': {'S': 'w'}, 'sk': {'N': '1'}}
    put = lambda i, **more: db.put_item(TableName='orders', Item=i, **more)
    fails('ResourceNotFoundException', lambda: db.get_item(TableName='nix', Key=item), 400, 'Requested resource not found')
    fails('ValidationException', lambda: put({'pk': {'S': 'w'}}), 400, 'Missing the key sk in the item')
    fails('ValidationException', lambda: put({'pk': {'N': '1'}, 'sk': {'N': '1'}}), 400, 'Type mismatch for key pk expected: S actual: N')
    fails('ValidationException', lambda: put({'pk': {'S': ''}, 'sk': {'N': '1'}}), 400, 'cannot contain an empty string value. Key: pk')
    fails('ValidationException', lambda: db.get_item(TableName='orders', Key={'pk': {'S': 'w'}}), 400, 'The provided key element does not match the schema')
    fails('ValidationException', lambda: db.get_item(TableName='orders', Key={**item, 'x': {'S': ''}}), 400, 'The provided key element does not match the schema')
    fails('ValidationException', lambda: put({**item, 'x': {'S': 'x' * 420000}}), 400, 'Item size has exceeded the maximum allowed size')
    fails('ValidationException', lambda: put({**item, 'n': {'N': 'abc'}}), 400, 'cannot be converted to a numeric value')
    fails('ValidationException', lambda: put({**item, 'n': {'N': '1' * 39}}), 400, 'Attempting to store more than 38 significant digits in a Number')
    fails('ValidationException', lambda: put(item, ConditionExpression='status = :s', ExpressionAttributeValues={':s': {'S': ''}}), 400,
          'Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status')
    fails('ValidationException', lambda: put(item, ConditionExpression='pk = :s', ExpressionAttributeValues={':s': {'S': ''}, ':t': {'S': ''}}), 400,
          'Value provided in ExpressionAttributeValues unused in expressions: keys: {:t}')
    fails('ValidationException', lambda: put(item, ExpressionAttributeValues={':s': {'S': ''}}), 400, 'ExpressionAttributeValues can only be specified when using expressions')
    fails('ValidationException', lambda: put(item, Expected={'pk': {'Exists': False}}), 400, 'legacy parameter Expected')
    fails('ValidationException', lambda: put(item, ReturnValues='ALL_NEW'), 400, 'Return values set to invalid value')
    fails('UnknownOperationException', lambda: db.execute_statement(Statement='SELECT * FROM orders'), 400, 'sflint smoke does not emulate')
    fails('UnknownOperationException', lambda: db.list_tables(), 400)


@case
def a_table_describes_itself():
    t = db.describe_table(TableName='orders')['Table']
    same((t['TableStatus'], t['KeySchema'], t['LatestStreamArn'].startswith(t['TableArn'])),
         ('ACTIVE', [{'AttributeName': 'pk', 'KeyType': 'HASH'}, {'AttributeName': 'sk', 'KeyType': 'RANGE'}], True))
    same([i['IndexName'] for i in t['GlobalSecondaryIndexes']], ['by-email', 'emails'])
    same(boto3.resource('dynamodb').Table('Simple').table_status, 'ACTIVE')
    same(db.put_item(TableName='Simple', Item={'id': {'S': 'cap'}, 'x': {'S': 'x' * 3000}}, ReturnConsumedCapacity='TOTAL')['ConsumedCapacity'], {'TableName': 'Simple', 'CapacityUnits': 3.0})
    same(db.get_item(TableName=t['TableArn'], Key={'pk': {'S': 'none'}, 'sk': {'N': '0'}})['ResponseMetadata']['HTTPStatusCode'], 200)


@case
def the_role_of_the_caller_is_asked():
    other = client('dynamodb', 'SFLINT00000000000001')
    key = {'pk': {'S': 'types'}, 'sk': {'N': '1'}}
    other.get_item(TableName='orders', Key=key)
    other.query(TableName='orders', KeyConditionExpression='pk = :p', ExpressionAttributeValues={':p': {'S': 'x'}})
    fails('AccessDeniedException', lambda: other.put_item(TableName='orders', Item=key), 400, 'is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table/orders')
    fails('AccessDeniedException', lambda: other.query(TableName='orders', IndexName='by-email', KeyConditionExpression='email = :p', ExpressionAttributeValues={':p': {'S': 'x'}}), 400,
          'table/orders/index/by-email')
    fails('AccessDeniedException', lambda: other.get_item(TableName='Simple', Key={'id': {'S': 'x'}}), 400)
    fails('AccessDeniedException', lambda: other.transact_write_items(TransactItems=[{'Put': {'TableName': 'orders', 'Item': key}}]), 400)


run()
