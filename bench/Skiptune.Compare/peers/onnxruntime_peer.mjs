// ONNX Runtime's side: reads lines 'run MODEL BATCH', answers each with a line of JSON, its own time in milliseconds.
//   node onnxruntime_peer.mjs FOLDER_WITH_NODE_MODULES THREADS INPUTS MODEL...
// INPUTS is a folder that holds NAME.f32, the samples of the model NAME.onnx: as many as the largest batch needs.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';

const [packages, threads, inputs, ...models] = process.argv.slice(2);
const require = createRequire(join(packages, 'package.json'));
const { InferenceSession, Tensor } = require('onnxruntime-node');
const options = { intraOpNumThreads: Number(threads), interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all' };
const sessions = new Map();

for (const path of models) {
  const name = basename(path, '.onnx');
  const bytes = readFileSync(join(inputs, `${name}.f32`));
  const session = await InferenceSession.create(path, options);
  const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  sessions.set(name, { session, samples });
}

console.log(JSON.stringify({ version: require('onnxruntime-node/package.json').version }));
for await (const line of createInterface({ input: process.stdin })) {
  try {
    const [, name, batch, shape, repeats] = line.trim().split(' ');
    const { session, samples } = sessions.get(name);
    const extents = [Number(batch), ...shape.split('x').map(Number)];
    const count = extents.reduce((product, extent) => product * extent, 1);
    const feeds = { [session.inputNames[0]]: new Tensor('float32', samples.subarray(0, count), extents) };
    let results;
    const start = performance.now();
    for (let i = 0; i < Number(repeats); i++) results = await session.run(feeds);
    const ms = (performance.now() - start) / Number(repeats);
    console.log(JSON.stringify({ ms, first: Array.from(results[session.outputNames[0]].data.subarray(0, 10)) }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.message ?? error).split('\n')[0] }));
  }
}
