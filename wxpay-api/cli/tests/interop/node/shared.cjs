// What every test of a Node SDK needs: the folder, the control surface, a server for notifications.
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');

const dir = process.env.WXPAY_SANDBOX_DIR;
const read = (name) => readFileSync(join(dir, name));
const env = JSON.parse(read('env.json'));

// Reports a step that worked. The Rust test compares the list with the one it expects.
const step = (name) => console.log(`ok ${name}`);

// Calls the control surface. Node's fetch ignores HTTPS_PROXY.
async function control(method, path, body) {
  const response = await fetch(`${env.url}/_sandbox${path}`, {
    method,
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

const pay = (number) => control('POST', `/resources/${number}/events`, { event: 'pay' });
const fire = (number, event) => control('POST', `/resources/${number}/events`, { event });
const keys = (path, method, body) => control(method, `/accounts/${env.mchid}/keys${path}`, body);

// Receives notifications. `check` verifies and decrypts one with the SDK; without it, the server refuses.
async function listen(check) {
  const arrived = [];
  const waiting = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString('utf8');
      let result;
      try {
        result = await check(request.headers, body);
        response.writeHead(204).end();
      } catch (error) {
        result = error;
        response.writeHead(401).end();
      }
      const next = waiting.shift();
      if (next) next(result);
      else arrived.push(result);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const next = async () => {
    const result = arrived.shift() ?? (await new Promise((resolve) => waiting.push(resolve)));
    if (result instanceof Error) throw result;
    return result;
  };
  return { url: `http://127.0.0.1:${server.address().port}/notify`, next, close: () => server.close() };
}

// The day of the business clock in Beijing, as bills count.
async function today() {
  const { now } = await control('GET', '/clock');
  return new Date(Date.parse(now) + 8 * 3600 * 1000).toISOString().slice(0, 10);
}

// The smallest picture: one pixel.
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

module.exports = { assert, control, dir, env, fire, keys, listen, pay, picture, read, step, today };
