// The AWS SDK for JavaScript v3 (S3, lib-storage, presigner) against the endpoint of stores.yaml: node s3.mjs http://127.0.0.1:PORT
// A line a case: PASS name, or FAIL name and why. Ends with 1 when one failed.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { fails, require, run } from './stores.mjs';

const { S3, S3Client, GetObjectCommand, PutObjectCommand, paginateListObjectsV2 } = require('@aws-sdk/client-s3');
const { Upload } = require('@aws-sdk/lib-storage');
const { getSignedUrl } = require('@aws-sdk/s3-request-presigner');
const s3 = new S3({}), Bucket = 'photos';
const read = async (Key, more = {}) => (await s3.getObject({ Bucket, Key, ...more })).Body.transformToString();

await run({
    async 'text, bytes and streams go in and come back'() {
        const put = await s3.putObject({ Bucket, Key: 'js/a b+c', Body: 'hello', ContentType: 'text/plain', Metadata: { who: 'me' } });
        assert.equal(put.ETag, '"5d41402abc4b2a76b9719d911017c592"');
        const got = await s3.getObject({ Bucket, Key: 'js/a b+c' });
        assert.deepEqual([await got.Body.transformToString(), got.ContentType, got.Metadata, got.ContentLength], ['hello', 'text/plain', { who: 'me' }, 5]);
        await s3.putObject({ Bucket, Key: 'js/bytes', Body: new Uint8Array([0, 255, 13, 10]) });
        assert.deepEqual([...await (await s3.getObject({ Bucket, Key: 'js/bytes' })).Body.transformToByteArray()], [0, 255, 13, 10]);
        await s3.putObject({ Bucket, Key: 'js/stream', Body: Readable.from([Buffer.from('str'), Buffer.from('eam\r\n')]), ContentLength: 8 });
        const stream = await s3.getObject({ Bucket, Key: 'js/stream' });
        const parts = [];
        for await (const part of stream.Body) parts.push(part);
        assert.equal(Buffer.concat(parts).toString(), 'stream\r\n');
        assert.equal(stream.ContentEncoding, undefined);
        assert.equal(await read('js/stream', { Range: 'bytes=2-3' }), 're');
    },
    async 'large streams go up in parts'() {
        const data = Buffer.alloc(12 * 1024 * 1024 + 5, 'abcdefg');
        const up = new Upload({ client: s3, params: { Bucket, Key: 'js/large', Body: Readable.from([data.subarray(0, 7000000), data.subarray(7000000)]), ContentType: 'x/y' } });
        const done = await up.done();
        assert.match(done.ETag, /-3"$/);
        const got = await s3.getObject({ Bucket, Key: 'js/large' });
        assert.ok(Buffer.from(await got.Body.transformToByteArray()).equals(data));
        assert.equal(got.ContentType, 'x/y');
    },
    async 'lists, copies and deletes'() {
        for (let i = 0; i < 25; i++) await s3.putObject({ Bucket, Key: `js-list/${i % 5}/${i}`, Body: 'x' });
        const keys = [];
        for await (const page of paginateListObjectsV2({ client: s3, pageSize: 7 }, { Bucket, Prefix: 'js-list/' })) keys.push(...page.Contents.map(o => o.Key));
        assert.equal(keys.length, 25);
        assert.deepEqual((await s3.listObjectsV2({ Bucket, Prefix: 'js-list/', Delimiter: '/' })).CommonPrefixes.map(p => p.Prefix), [0, 1, 2, 3, 4].map(i => `js-list/${i}/`));
        await s3.copyObject({ Bucket: 'thumbs', Key: 'js', CopySource: Bucket + '/js/a%20b%2Bc' });
        assert.equal(await (await s3.getObject({ Bucket: 'thumbs', Key: 'js' })).Body.transformToString(), 'hello');
        const gone = await s3.deleteObjects({ Bucket, Delete: { Objects: keys.map(Key => ({ Key })) } });
        assert.equal(gone.Deleted.length, 25);
        assert.equal((await s3.listObjectsV2({ Bucket, Prefix: 'js-list/' })).KeyCount, 0);
    },
    async 'errors have their names'() {
        await fails('NoSuchKey', () => read('nix'));
        await fails('NotFound', () => s3.headObject({ Bucket, Key: 'nix' }));
        await fails('NoSuchBucket', () => s3.getObject({ Bucket: 'no-such', Key: 'x' }));
        await fails('PreconditionFailed', () => s3.putObject({ Bucket, Key: 'js/bytes', Body: 'x', IfNoneMatch: '*' }));
        await fails('NotImplemented', () => s3.getBucketAcl({ Bucket }));
        const second = new S3({ credentials: { accessKeyId: 'SFLINT00000000000001', secretAccessKey: 'x', sessionToken: 'x' } });
        await fails('AccessDenied', () => second.putObject({ Bucket, Key: 'x', Body: 'x' }), 's3:PutObject');
    },
    async 'presigned addresses work'() {
        const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'js/signed' }));
        assert.equal((await fetch(put, { method: 'PUT', body: 'by url' })).status, 200);
        const get = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'js/signed' }));
        assert.equal(await (await fetch(get)).text(), 'by url');
    },
    async 'many at once are all kept'() {
        await Promise.all([...Array(100).keys()].map(i => s3.putObject({ Bucket, Key: 'js-many/' + i, Body: String(i) })));
        const all = await Promise.all([...Array(100).keys()].map(i => read('js-many/' + i)));
        assert.deepEqual(all, [...Array(100).keys()].map(String));
    },
});
