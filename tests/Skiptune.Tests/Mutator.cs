using System.Buffers.Binary;
using Skiptune.Numerics;

namespace Skiptune.Tests;

/// <summary>Damages bytes in seeded ways.</summary>
internal sealed class Mutator(int seed)
{
    private readonly SeededRandom _random = new(seed);

    public byte[] Mutate(byte[] whole)
    {
        List<byte> bytes = [.. whole];
        for (int changes = 1 + _random.NextInt32(4); changes > 0 && bytes.Count > 8; changes--)
        {
            int at = _random.NextInt32(bytes.Count - 8);
            int count = 1 + _random.NextInt32(8);
            switch (_random.NextInt32(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << _random.NextInt32(8));
                    break;
                case 1:
                    bytes[at] = (byte)_random.NextInt32(256);
                    break;
                case 2:
                    bytes[at] = 0xFF;
                    break;
                case 3:
                    bytes.RemoveRange(at, count);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(_random.NextInt32(bytes.Count - 8), count));
                    break;
                case 5:
                    bytes.RemoveRange(bytes.Count - count, count);
                    break;
                default:
                    byte[] number = new byte[8];
                    BinaryPrimitives.WriteInt64LittleEndian(number, _random.NextInt32(2) == 0 ? long.MaxValue : -1);
                    for (int i = 0; i < count; i++)
                        bytes[at + i] = number[8 - count + i];
                    break;
            }
        }
        return [.. bytes];
    }
}
