const https = require('https');

const ask = (options, body) => new Promise((resolve, reject) => {
  const request = https.request(options, (answer) => { answer.resume(); answer.on('end', () => resolve(answer.statusCode)); });
  request.on('error', reject);
  request.end(body);
});

exports.say = async (event) => {
  const at = event.requestContext;
  const [hostname, port] = at.domainName.split(':');
  const statusCode = await ask({ hostname, port, method: 'POST', path: `/${at.stage}/@connections/${encodeURIComponent(at.connectionId)}` }, 'hello from node');
  if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
  return { statusCode };
};

exports.make = async (event) => {
  const url = new URL(event.ResponseURL);
  const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'thing', StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId });
  await ask({ hostname: url.hostname, port: 443, path: url.pathname + url.search, method: 'PUT', headers: { 'content-type': '', 'content-length': body.length } }, body);
};

exports.stream = awslambda.streamifyResponse(async (event, stream) => {
  stream.write([{ a: 1 }]);
  stream.end();
});
