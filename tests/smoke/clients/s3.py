# boto3's S3 against the endpoint of stores.yaml: python3 s3.py http://127.0.0.1:PORT
# A line a case: PASS name, or FAIL name and why. Ends with 1 when one failed.
import base64
import hashlib
import io
import urllib.error
import urllib.request
import zlib

from botocore.config import Config
from stores import URL, boto3, case, client, fails, run, same

s3 = client('s3')
BUCKET = 'photos'


def read(key, **more):
    return s3.get_object(Bucket=BUCKET, Key=key, **more)['Body'].read()


@case
def an_object_comes_back_with_what_was_said_of_it():
    put = s3.put_object(Bucket=BUCKET, Key='a b+c/ü.txt', Body=b'hello', ContentType='text/plain', Metadata={'Who': 'me'}, CacheControl='no-store', ContentEncoding='gzip', Tagging='a=1&b=x%20y')
    same(put['ETag'], '"5d41402abc4b2a76b9719d911017c592"')
    got = s3.get_object(Bucket=BUCKET, Key='a b+c/ü.txt')
    same((got['Body'].read(), got['ContentType'], got['Metadata'], got['CacheControl'], got['ETag'], got['ContentLength'], got['ContentEncoding'], got['TagCount']),
         (b'hello', 'text/plain', {'who': 'me'}, 'no-store', put['ETag'], 5, 'gzip', 2))
    head = s3.head_object(Bucket=BUCKET, Key='a b+c/ü.txt')
    same((head['ContentLength'], head['Metadata'], head['LastModified'].year), (5, {'who': 'me'}, 2026))
    s3.put_object(Bucket=BUCKET, Key='plain', Body=b'')
    same((read('plain'), s3.head_object(Bucket=BUCKET, Key='plain')['ContentType']), (b'', 'binary/octet-stream'))


@case
def parts_of_an_object_are_ranges():
    s3.put_object(Bucket=BUCKET, Key='digits', Body=b'0123456789')
    same([read('digits', Range=r) for r in ('bytes=2-4', 'bytes=7-', 'bytes=-2', 'bytes=5-100')], [b'234', b'789', b'89', b'56789'])
    got = s3.get_object(Bucket=BUCKET, Key='digits', Range='bytes=2-4')
    same((got['ContentRange'], got['ResponseMetadata']['HTTPStatusCode']), ('bytes 2-4/10', 206))
    fails('InvalidRange', lambda: read('digits', Range='bytes=10-11'), 416)


@case
def what_is_not_there_is_told():
    fails('NoSuchKey', lambda: read('nix'), 404, 'The specified key does not exist.')
    fails('404', lambda: s3.head_object(Bucket=BUCKET, Key='nix'), 404)
    fails('NoSuchBucket', lambda: s3.get_object(Bucket='no-such-bucket', Key='x'), 404)
    fails('404', lambda: s3.head_bucket(Bucket='no-such-bucket'), 404)
    same(s3.head_bucket(Bucket=BUCKET)['ResponseMetadata']['HTTPStatusCode'], 200)
    same(s3.get_bucket_location(Bucket=BUCKET)['LocationConstraint'], None)
    same(s3.delete_object(Bucket=BUCKET, Key='nix')['ResponseMetadata']['HTTPStatusCode'], 204)
    fails('NotImplemented', lambda: s3.put_bucket_policy(Bucket=BUCKET, Policy='{}'), 501)
    fails('NotImplemented', lambda: s3.get_object_acl(Bucket=BUCKET, Key='digits'), 501)
    fails('NotImplemented', lambda: s3.create_bucket(Bucket=BUCKET), 501)


@case
def conditions_are_kept():
    s3.put_object(Bucket=BUCKET, Key='once', Body=b'1')
    etag = s3.head_object(Bucket=BUCKET, Key='once')['ETag']
    fails('PreconditionFailed', lambda: s3.put_object(Bucket=BUCKET, Key='once', Body=b'2', IfNoneMatch='*'), 412)
    s3.put_object(Bucket=BUCKET, Key='first', Body=b'2', IfNoneMatch='*')
    fails('PreconditionFailed', lambda: read('once', IfMatch='"x"'), 412)
    fails('304', lambda: read('once', IfNoneMatch=etag), 304)
    same(read('once', IfMatch=etag), b'1')


@case
def checksums_are_looked_at():
    s3.put_object(Bucket=BUCKET, Key='sum', Body=b'hello', ChecksumAlgorithm='CRC32')
    same(s3.head_object(Bucket=BUCKET, Key='sum', ChecksumMode='ENABLED')['ChecksumCRC32'], base64.b64encode(zlib.crc32(b'hello').to_bytes(4, 'big')).decode())
    for algorithm in ('SHA1', 'SHA256'):
        s3.put_object(Bucket=BUCKET, Key='sum', Body=b'hello', ChecksumAlgorithm=algorithm)
    fails('BadDigest', lambda: s3.put_object(Bucket=BUCKET, Key='bad', Body=b'hello', ChecksumCRC32='AAAAAA=='), 400)
    fails('BadDigest', lambda: s3.put_object(Bucket=BUCKET, Key='bad', Body=b'hello', ContentMD5=base64.b64encode(hashlib.md5(b'x').digest()).decode()), 400)
    fails('404', lambda: s3.head_object(Bucket=BUCKET, Key='bad'))


@case
def lists_are_in_order_and_in_pages():
    for key in ['l/a', 'l/b/1', 'l/b/2', 'l/c d', 'l/ü', 'l/z&<>', 'l/B'] + ['many/%04d' % i for i in range(1203)]:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b'x')
    got = s3.list_objects_v2(Bucket=BUCKET, Prefix='l/')
    same([o['Key'] for o in got['Contents']], ['l/B', 'l/a', 'l/b/1', 'l/b/2', 'l/c d', 'l/z&<>', 'l/ü'])
    got = s3.list_objects_v2(Bucket=BUCKET, Prefix='l/', Delimiter='/')
    same(([o['Key'] for o in got['Contents']], got['CommonPrefixes'], got['KeyCount']), (['l/B', 'l/a', 'l/c d', 'l/z&<>', 'l/ü'], [{'Prefix': 'l/b/'}], 6))
    keys = [o['Key'] for page in s3.get_paginator('list_objects_v2').paginate(Bucket=BUCKET, Prefix='many/') for o in page['Contents']]
    same(keys, ['many/%04d' % i for i in range(1203)])
    keys, prefixes = [], []
    for page in s3.get_paginator('list_objects_v2').paginate(Bucket=BUCKET, Prefix='l/', Delimiter='/', PaginationConfig={'PageSize': 1}):
        keys += [o['Key'] for o in page.get('Contents', [])]
        prefixes += [p['Prefix'] for p in page.get('CommonPrefixes', [])]
    same((keys, prefixes), (['l/B', 'l/a', 'l/c d', 'l/z&<>', 'l/ü'], ['l/b/']))
    keys = [o['Key'] for page in s3.get_paginator('list_objects').paginate(Bucket=BUCKET, Prefix='many/', PaginationConfig={'PageSize': 500}) for o in page['Contents']]
    same(len(keys), 1203)
    same([o['Key'] for o in s3.list_objects_v2(Bucket=BUCKET, Prefix='l/', StartAfter='l/b/2')['Contents']], ['l/c d', 'l/z&<>', 'l/ü'])
    same(len(list(boto3.resource('s3').Bucket(BUCKET).objects.filter(Prefix='l/'))), 7)
    same('Contents' in s3.list_objects_v2(Bucket=BUCKET, Prefix='nothing/'), False)


@case
def many_are_deleted_at_once():
    for i in range(5):
        s3.put_object(Bucket=BUCKET, Key='d/%d &' % i, Body=b'x')
    got = s3.delete_objects(Bucket=BUCKET, Delete={'Objects': [{'Key': 'd/%d &' % i} for i in range(4)] + [{'Key': 'd/none'}]})
    same(len(got['Deleted']), 5)
    same([o['Key'] for o in s3.list_objects_v2(Bucket=BUCKET, Prefix='d/')['Contents']], ['d/4 &'])
    same('Deleted' in s3.delete_objects(Bucket=BUCKET, Delete={'Objects': [{'Key': 'd/4 &'}], 'Quiet': True}), False)
    boto3.resource('s3').Bucket(BUCKET).objects.filter(Prefix='many/').delete()
    same(s3.list_objects_v2(Bucket=BUCKET, Prefix='many/')['KeyCount'], 0)


@case
def objects_are_copied():
    s3.put_object(Bucket=BUCKET, Key='from me', Body=b'copy', ContentType='text/x', Metadata={'k': 'v'}, Tagging='t=1')
    same(s3.copy_object(Bucket='thumbs', Key='to', CopySource={'Bucket': BUCKET, 'Key': 'from me'})['CopyObjectResult']['ETag'], s3.head_object(Bucket=BUCKET, Key='from me')['ETag'])
    got = s3.get_object(Bucket='thumbs', Key='to')
    same((got['Body'].read(), got['ContentType'], got['Metadata'], bool(got['VersionId'])), (b'copy', 'text/x', {'k': 'v'}, True))
    s3.copy_object(Bucket=BUCKET, Key='to', CopySource=BUCKET + '/from me', MetadataDirective='REPLACE', Metadata={'n': 'w'}, ContentType='text/y')
    got = s3.get_object(Bucket=BUCKET, Key='to')
    same((got['Metadata'], got['ContentType'], got['TagCount']), ({'n': 'w'}, 'text/y', 1))
    fails('InvalidRequest', lambda: s3.copy_object(Bucket=BUCKET, Key='to', CopySource=BUCKET + '/to'), 400)
    s3.copy_object(Bucket=BUCKET, Key='to', CopySource=BUCKET + '/to', MetadataDirective='REPLACE', Metadata={'m': '2'})
    same((read('to'), s3.head_object(Bucket=BUCKET, Key='to')['Metadata']), (b'copy', {'m': '2'}))
    fails('NoSuchKey', lambda: s3.copy_object(Bucket=BUCKET, Key='to', CopySource=BUCKET + '/nix'), 404)


@case
def large_files_go_up_and_down_in_parts():
    data = bytes(range(256)) * 80000
    s3.upload_fileobj(io.BytesIO(data), BUCKET, 'large', ExtraArgs={'Metadata': {'big': 'yes'}})
    head = s3.head_object(Bucket=BUCKET, Key='large')
    same((head['ContentLength'], head['Metadata'], head['ETag'].endswith('-3"')), (len(data), {'big': 'yes'}, True))
    digests = b''.join(hashlib.md5(data[i:i + 8 * 1024 * 1024]).digest() for i in range(0, len(data), 8 * 1024 * 1024))
    same(head['ETag'], '"%s-3"' % hashlib.md5(digests).hexdigest())
    out = io.BytesIO()
    s3.download_fileobj(BUCKET, 'large', out)
    assert out.getvalue() == data
    up = s3.create_multipart_upload(Bucket=BUCKET, Key='odd')['UploadId']
    parts = [{'PartNumber': n, 'ETag': s3.upload_part(Bucket=BUCKET, Key='odd', UploadId=up, PartNumber=n, Body=b'x')['ETag']} for n in (1, 2)]
    same([p['PartNumber'] for p in s3.list_parts(Bucket=BUCKET, Key='odd', UploadId=up)['Parts']], [1, 2])
    end = lambda p: s3.complete_multipart_upload(Bucket=BUCKET, Key='odd', UploadId=up, MultipartUpload={'Parts': p})
    fails('EntityTooSmall', lambda: end(parts), 400)
    fails('InvalidPartOrder', lambda: end(parts[::-1]), 400)
    fails('InvalidPart', lambda: end([{'PartNumber': 3, 'ETag': 'x'}]), 400)
    s3.upload_part_copy(Bucket=BUCKET, Key='odd', UploadId=up, PartNumber=3, CopySource=BUCKET + '/large', CopySourceRange='bytes=0-9')
    etag = s3.list_parts(Bucket=BUCKET, Key='odd', UploadId=up)['Parts'][2]['ETag']
    end([{'PartNumber': 3, 'ETag': etag}])
    same(read('odd'), data[:10])
    fails('NoSuchUpload', lambda: end(parts), 404)
    up = s3.create_multipart_upload(Bucket=BUCKET, Key='odd')['UploadId']
    s3.abort_multipart_upload(Bucket=BUCKET, Key='odd', UploadId=up)
    fails('NoSuchUpload', lambda: s3.abort_multipart_upload(Bucket=BUCKET, Key='odd', UploadId=up), 404)


@case
def space_is_used_again():
    for i in range(30):
        s3.put_object(Bucket=BUCKET, Key='again', Body=bytes([i]) * 12000000)
    same(read('again', Range='bytes=0-0'), b'\x1d')
    s3.delete_object(Bucket=BUCKET, Key='again')


@case
def tags_are_kept():
    s3.put_object(Bucket=BUCKET, Key='tags', Body=b'x')
    s3.put_object_tagging(Bucket=BUCKET, Key='tags', Tagging={'TagSet': [{'Key': 'a&', 'Value': 'b'}]})
    same(s3.get_object_tagging(Bucket=BUCKET, Key='tags')['TagSet'], [{'Key': 'a&', 'Value': 'b'}])
    fails('InvalidTag', lambda: s3.put_object_tagging(Bucket=BUCKET, Key='tags', Tagging={'TagSet': [{'Key': str(i), 'Value': ''} for i in range(11)]}), 400)
    s3.delete_object_tagging(Bucket=BUCKET, Key='tags')
    same(s3.get_object_tagging(Bucket=BUCKET, Key='tags')['TagSet'], [])


@case
def presigned_addresses_work():
    put = s3.generate_presigned_url('put_object', Params={'Bucket': BUCKET, 'Key': 'signed/one two'})
    urllib.request.urlopen(urllib.request.Request(put, data=b'by url', method='PUT')).read()
    get = s3.generate_presigned_url('get_object', Params={'Bucket': BUCKET, 'Key': 'signed/one two', 'ResponseContentType': 'text/q', 'ResponseContentDisposition': 'attachment; filename=x'})
    with urllib.request.urlopen(get) as r:
        same((r.read(), r.headers['Content-Type'], r.headers['Content-Disposition']), (b'by url', 'text/q', 'attachment; filename=x'))


@case
def a_bucket_may_be_in_the_host():
    port = URL.rsplit(':', 1)[1]
    for host in ('photos.localhost:' + port, 'photos.s3.us-east-1.amazonaws.com', 'photos.s3.amazonaws.com'):
        request = urllib.request.Request(s3.generate_presigned_url('get_object', Params={'Bucket': BUCKET, 'Key': 'digits'}).replace('/photos/', '/'), headers={'Host': host})
        same(urllib.request.urlopen(request).read(), b'0123456789')


@case
def garbage_is_refused():
    for method, path, body, status in (('POST', '/photos?delete', b'<Delete', 400), ('POST', '/photos?delete', b'<!DOCTYPE x [<!ENTITY a "b">]><Delete><Object><Key>&a;</Key></Object></Delete>', 400),
                                       ('POST', '/photos?delete', b'<Delete>' + b'<Object>' * 5000, 400), ('POST', '/photos?delete', b'<Delete></Delete>', 400),
                                       ('PUT', '/photos/' + 'k' * 1100, b'', 400), ('GET', '/photos?list-type=2&max-keys=x', None, 400),
                                       ('GET', '/photos?list-type=2&continuation-token=%21', None, 400)):
        request = urllib.request.Request(URL + path, data=body, method=method,
                                         headers={'Authorization': 'AWS4-HMAC-SHA256 Credential=SFLINT00000000000000/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0'})
        try:
            urllib.request.urlopen(request).read()
            raise AssertionError('%s %s was taken' % (method, path[:60]))
        except urllib.error.HTTPError as e:
            same(e.code, status)
    for body in (b'5\r\nhello\r\n', b'zz\r\nhello\r\n0\r\n\r\n', b'ffffffffffffffff\r\n', b'0\r\nx-amz-checksum-crc32:AAAAAQ==\r\n\r\n'):
        request = urllib.request.Request(URL + '/photos/chunks', data=body, method='PUT', headers={
            'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'Content-Encoding': 'aws-chunked',
            'Authorization': 'AWS4-HMAC-SHA256 Credential=SFLINT00000000000000/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0'})
        try:
            urllib.request.urlopen(request).read()
            raise AssertionError('%r was taken' % (body,))
        except urllib.error.HTTPError as e:
            same(e.code, 400)


@case
def signed_chunks_are_put_together():
    body = b'5;chunk-signature=' + b'a' * 64 + b'\r\nhello\r\n3;chunk-signature=' + b'b' * 64 + b'\r\n \r\n\r\n0;chunk-signature=' + b'c' * 64 + b'\r\n\r\n'
    request = urllib.request.Request(URL + '/photos/chunks', data=body, method='PUT', headers={
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'Content-Encoding': 'aws-chunked', 'x-amz-decoded-content-length': '8',
        'Authorization': 'AWS4-HMAC-SHA256 Credential=SFLINT00000000000000/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0'})
    urllib.request.urlopen(request).read()
    got = s3.get_object(Bucket=BUCKET, Key='chunks')
    same((got['Body'].read(), 'ContentEncoding' in got), (b'hello \r\n', False))


@case
def the_role_of_the_caller_is_asked():
    other = client('s3', 'SFLINT00000000000001')
    same(other.get_object(Bucket=BUCKET, Key='digits')['Body'].read(), b'0123456789')
    fails('AccessDenied', lambda: other.put_object(Bucket=BUCKET, Key='x', Body=b''), 403)
    fails('AccessDenied', lambda: other.list_objects_v2(Bucket=BUCKET), 403)
    fails('AccessDenied', lambda: other.get_object(Bucket=BUCKET, Key='nix'), 403)
    fails('403', lambda: other.head_object(Bucket='thumbs', Key='to'), 403)


run()
