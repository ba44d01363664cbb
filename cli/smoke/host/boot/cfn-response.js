'use strict';
// For inline code, as Lambda puts it beside it: answers a custom resource (CloudFormation user guide, "cfn-response module").
exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';

exports.send = function send(event, context, responseStatus, responseData, physicalResourceId, noEcho) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({
      Status: responseStatus,
      Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
      PhysicalResourceId: physicalResourceId || context.logStreamName,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
      NoEcho: noEcho || false,
      Data: responseData,
    });
    console.log('Response body:\n', body);
    const url = new URL(event.ResponseURL);
    const client = require(url.protocol === 'https:' ? 'https' : 'http');
    const request = client.request(url, { method: 'PUT', headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) } }, (answer) => {
      console.log('Status code: ' + answer.statusCode);
      answer.resume();
      answer.on('end', () => { resolve(context.done()); });
    });
    request.on('error', (error) => {
      console.log('send(..) failed executing https.request(..): ' + error);
      reject(context.done(error));
    });
    request.write(body);
    request.end();
  });
};
