// Runs a model once: node run.mjs MODEL INPUT EXTENTS OUTPUT
// INPUT holds float32 values, little-endian, EXTENTS says their shape (2x3x8x8); OUTPUT gets the first output's values.
import { readFileSync, writeFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [model, input, extents, output] = process.argv.slice(2);
const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const bytes = readFileSync(input);
const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const shape = extents.split('x').map(Number);
const wantsIntegers = session.inputMetadata?.[0]?.type === 'int64';
const tensor = wantsIntegers
  ? new Tensor('int64', BigInt64Array.from(values, value => BigInt(value)), shape)
  : new Tensor('float32', values, shape);
const results = await session.run({ [session.inputNames[0]]: tensor });
const result = results[session.outputNames[0]].data;
writeFileSync(output, Buffer.from(Float32Array.from(result, Number).buffer));
