// The AWS SDK for JavaScript v3 (Firehose, and Kinesis over HTTP/1.1) against the endpoint of stores.yaml: node firehose.mjs http://127.0.0.1:PORT
// A line a case: PASS name, or FAIL name and why. Ends with 1 when one failed.
import assert from 'node:assert/strict';
import { fails, require, run } from './stores.mjs';

const { Firehose } = require('@aws-sdk/client-firehose'), { Kinesis } = require('@aws-sdk/client-kinesis'), { NodeHttpHandler } = require('@smithy/node-http-handler');
const firehose = new Firehose({}), kinesis = new Kinesis({ requestHandler: new NodeHttpHandler() });
const Data = Buffer.from('x\n');

await run({
    async 'records go into a delivery stream'() {
        assert.ok((await firehose.putRecord({ DeliveryStreamName: 'logs', Record: { Data } })).RecordId);
        const got = await firehose.putRecordBatch({ DeliveryStreamName: 'logs', Records: [{ Data }, { Data }] });
        assert.deepEqual([got.FailedPutCount, got.RequestResponses.length], [0, 2]);
        await fails('ResourceNotFoundException', () => firehose.putRecord({ DeliveryStreamName: 'nix', Record: { Data } }));
        await fails('UnknownOperationException', () => firehose.listDeliveryStreams({}));
    },
    async 'records go into a stream over HTTP/1.1'() {
        assert.match((await kinesis.putRecord({ StreamName: 'clicks', Data, PartitionKey: 'p' })).ShardId, /^shardId-00000000000[01]$/);
        const got = await kinesis.putRecords({ StreamName: 'clicks', Records: [{ Data, PartitionKey: 'a' }, { Data, PartitionKey: 'b' }] });
        assert.deepEqual([got.FailedRecordCount, got.Records.length], [0, 2]);
        await fails('ResourceNotFoundException', () => kinesis.putRecord({ StreamName: 'nix', Data, PartitionKey: 'p' }));
    },
});
