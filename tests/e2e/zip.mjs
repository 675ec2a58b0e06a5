// Zip archives of stored entries, assembled by hand.
import { crc32 } from 'node:zlib';

const little = (bytes, ...numbers) => Buffer.concat(numbers.map((number) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(number, 0, bytes);
  return buffer;
}));

/** An archive of `[name, bytes]` each. */
export function zip(files) {
  const [bodies, directory] = [[], []];
  let offset = 0;
  for (const [name, data] of files) {
    const about = Buffer.concat([little(2, 20, 0, 0, 0, 0x21), little(4, crc32(data), data.length, data.length), little(2, name.length, 0)]);
    const body = Buffer.concat([Buffer.from('PK\x03\x04'), about, Buffer.from(name), data]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), little(2, 20), about, little(2, 0, 0, 0), little(4, 0, offset), Buffer.from(name)]));
    bodies.push(body);
    offset += body.length;
  }
  const listed = Buffer.concat(directory);
  return Buffer.concat([...bodies, listed, Buffer.from('PK\x05\x06'), little(2, 0, 0, files.length, files.length), little(4, listed.length, offset), little(2, 0)]);
}
