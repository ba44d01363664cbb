// The AWS SDK for JavaScript v3 (client and document client of DynamoDB) against the endpoint of stores.yaml: node dynamodb.mjs http://127.0.0.1:PORT
// A line a case: PASS name, or FAIL name and why. Ends with 1 when one failed.
import assert from 'node:assert/strict';
import { fails, require, run } from './stores.mjs';

const { DynamoDBClient, DynamoDB, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const lib = require('@aws-sdk/lib-dynamodb');
const { DynamoDBDocument, DynamoDBDocumentClient, PutCommand, GetCommand, UpdateCommand, QueryCommand, TransactWriteCommand, paginateQuery, paginateScan } = lib;

const raw = new DynamoDB({}), doc = DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });
const second = new DynamoDB({ credentials: { accessKeyId: 'SFLINT00000000000001', secretAccessKey: 'x', sessionToken: 'x' } });

await run({
    async 'an item of every type comes back'() {
        const Item = { id: 'js', n: 1.5, big: 123456789012, yes: false, nothing: null, list: [1, 'a', { deep: [true] }], map: { a: { b: 1 } }, set: new Set(['b', 'a']), numbers: new Set([2, 1]), bytes: new Uint8Array([0, 1, 255]), gone: undefined };
        await doc.send(new PutCommand({ TableName: 'Simple', Item }));
        const got = (await doc.send(new GetCommand({ TableName: 'Simple', Key: { id: 'js' } }))).Item;
        delete Item.gone;
        assert.deepEqual(got, Item);
        assert.equal((await doc.send(new GetCommand({ TableName: 'Simple', Key: { id: 'js-none' } }))).Item, undefined);
    },
    async 'updates give what is new'() {
        const update = (more) => doc.send(new UpdateCommand({ TableName: 'Simple', Key: { id: 'js-u' }, ReturnValues: 'ALL_NEW', ...more }));
        let got = await update({ UpdateExpression: 'SET #n = :n, #l = list_append(if_not_exists(#l, :e), :x)', ExpressionAttributeNames: { '#n': 'name', '#l': 'log' }, ExpressionAttributeValues: { ':n': 'x', ':e': [], ':x': [1] } });
        assert.deepEqual(got.Attributes, { id: 'js-u', name: 'x', log: [1] });
        got = await update({ UpdateExpression: 'ADD hits :one', ExpressionAttributeValues: { ':one': 1 }, ReturnValues: 'UPDATED_NEW' });
        assert.deepEqual(got.Attributes, { hits: 1 });
        await fails('ConditionalCheckFailedException', () => update({ UpdateExpression: 'SET a = :a', ConditionExpression: 'attribute_not_exists(id)', ExpressionAttributeValues: { ':a': 1 } }), 'The conditional request failed');
        const e = await fails('ConditionalCheckFailedException', () => update({ UpdateExpression: 'SET a = :a', ConditionExpression: 'hits > :a', ExpressionAttributeValues: { ':a': 1 }, ReturnValuesOnConditionCheckFailure: 'ALL_OLD', ReturnValues: 'NONE' }));
        assert.equal(e.Item.hits.N ?? e.Item.hits, '1');
    },
    async 'pages of queries and scans join'() {
        const table = DynamoDBDocument.from(raw);
        for (let i = 0; i < 10; i++) {
            const RequestItems = { orders: [...Array(25).keys()].map(k => ({ PutRequest: { Item: { pk: 'js', sk: i * 25 + k, email: 'js@x', placed: '2026' } } })) };
            assert.deepEqual((await table.batchWrite({ RequestItems })).UnprocessedItems, {});
        }
        const sks = [];
        for await (const page of paginateQuery({ client: doc, pageSize: 40 }, { TableName: 'orders', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'js' } })) sks.push(...page.Items.map(i => i.sk));
        assert.deepEqual(sks, [...Array(250).keys()]);
        let n = 0;
        for await (const page of paginateScan({ client: doc, pageSize: 100 }, { TableName: 'orders', IndexName: 'by-email', FilterExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'js' } })) n += page.Count;
        assert.equal(n, 250);
        const got = await table.query({ TableName: 'orders', KeyConditionExpression: 'pk = :p AND sk BETWEEN :a AND :b', ExpressionAttributeValues: { ':p': 'js', ':a': 9, ':b': 11 }, ScanIndexForward: false });
        assert.deepEqual(got.Items.map(i => i.sk), [11, 10, 9]);
    },
    async 'a transaction that is cancelled says why'() {
        const TransactItems = [{ Put: { TableName: 'Simple', Item: { id: 'js-t' } } }, { ConditionCheck: { TableName: 'Simple', Key: { id: 'js-none' }, ConditionExpression: 'attribute_exists(id)' } }];
        const e = await fails('TransactionCanceledException', () => doc.send(new TransactWriteCommand({ TransactItems })), '[None, ConditionalCheckFailed]');
        assert.deepEqual(e.CancellationReasons.map(r => r.Code), ['None', 'ConditionalCheckFailed']);
        await doc.send(new TransactWriteCommand({ TransactItems: TransactItems.slice(0, 1) }));
    },
    async 'errors have their names'() {
        await fails('ResourceNotFoundException', () => raw.getItem({ TableName: 'nix', Key: { id: { S: 'x' } } }), 'Requested resource not found');
        await fails('ValidationException', () => raw.send(new PutItemCommand({ TableName: 'Simple', Item: { x: { S: 'x' } } })), 'Missing the key id in the item');
        await fails('ValidationException', () => doc.send(new QueryCommand({ TableName: 'Simple', KeyConditionExpression: 'name = :n', ExpressionAttributeValues: { ':n': 1 } })), 'reserved keyword: name');
        await fails('UnknownOperationException', () => raw.executeStatement({ Statement: 'SELECT * FROM x' }));
        await fails('AccessDeniedException', () => second.putItem({ TableName: 'Simple', Item: { id: { S: 'x' } } }), 'dynamodb:PutItem');
    },
    async 'many writes at once are all done'() {
        await Promise.all([...Array(300).keys()].map(i => doc.send(new UpdateCommand({ TableName: 'Simple', Key: { id: 'js-count' }, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': 1 } }))));
        assert.equal((await doc.send(new GetCommand({ TableName: 'Simple', Key: { id: 'js-count' } }))).Item.n, 300);
    },
});
