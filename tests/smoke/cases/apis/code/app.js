const assert = require('node:assert');

const ok = (body) => ({ statusCode: 200, body: JSON.stringify(body) });

exports.rest = async (event) => {
  assert.ok(['/items/{id}', '/files/{proxy+}', '/items'].includes(event.resource), event.resource);
  assert.strictEqual(event.requestContext.resourcePath, event.resource);
  if (event.resource === '/items/{id}') assert.ok(event.pathParameters.id);
  if (event.resource === '/files/{proxy+}') assert.strictEqual(event.pathParameters.proxy.split('/').length > 0, true);
  if (event.httpMethod === 'POST') JSON.parse(event.body);
  assert.ok(Array.isArray(Object.values(event.multiValueHeaders)[0]));
  return ok(event.path);
};
exports.http2 = async (event) => {
  assert.strictEqual(event.version, '2.0');
  assert.ok(event.routeKey === '$default' || event.pathParameters.id, event.routeKey);
  return { made: 'by inference' };
};
exports.http1 = async (event) => {
  assert.deepStrictEqual([event.version, event.httpMethod], ['1.0', 'PUT']);
  return ok({});
};
exports.url = async (event) => {
  assert.strictEqual(event.version, '2.0');
  assert.match(event.requestContext.domainName, /lambda-url/);
  return 'plain text';
};
exports.streamed = awslambda.streamifyResponse(async (event, stream) => {
  const out = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'content-type': 'text/plain' } });
  out.write('in ');
  out.write('pieces');
  out.end();
});
exports.noStatus = async () => ({ message: 'hello' });
exports.bodyObject = async () => ({ statusCode: 200, body: { message: 'hello' } });
exports.chat = async (event) => {
  const { eventType, routeKey, connectionId } = event.requestContext;
  assert.ok(connectionId);
  assert.strictEqual({ CONNECT: '$connect', MESSAGE: 'say', DISCONNECT: '$disconnect' }[eventType], routeKey);
  if (eventType === 'MESSAGE') assert.strictEqual(JSON.parse(event.body).action, 'say');
  return { statusCode: 200 };
};
exports.balanced = async (event) => {
  assert.ok(event.requestContext.elb.targetGroupArn);
  assert.ok(event.path.startsWith('/shop/'));
  return { ...ok({}), statusDescription: '200 OK', isBase64Encoded: false };
};
