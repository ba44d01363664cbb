// What dynamodb.mjs, s3.mjs and firehose.mjs share: clients of the endpoint that serves stores.yaml, and cases.
// @aws-sdk/* lie beside it or in SDK_FOLDER's node_modules.
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';

export const url = process.argv[2];
export const require = createRequire(process.env.SDK_FOLDER ? process.env.SDK_FOLDER + '/' : import.meta.url);
Object.assign(process.env, { AWS_ENDPOINT_URL: url, AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'SFLINT00000000000000',
    AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 'x', AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });

// The error's name and message, after one try.
export async function fails(name, call, text = '') {
    let got;
    try {
        got = await call();
    } catch (e) {
        assert.equal(e.name, name, `${e.name}: ${e.message}`);
        assert.ok(e.message.includes(text), e.message);
        assert.equal(e.$metadata?.attempts ?? 1, 1);
        return e;
    }
    assert.fail('no error, but ' + JSON.stringify(got));
}

export async function run(cases) {
    let bad = 0;
    for (const [name, f] of Object.entries(cases)) {
        try {
            await f();
            console.log('PASS', name);
        } catch (e) {
            bad++;
            console.log('FAIL', name, String(e.stack).slice(0, 600));
        }
    }
    process.exit(bad ? 1 : 0);
}
