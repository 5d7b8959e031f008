# Makes the PNG files of the tests with Pillow and netpbm (libpng), and beside each kind its pixels as raw bytes:
#   apt-get install python3-pil python3-numpy netpbm && /usr/bin/python3 make.py
import subprocess
import numpy as np
from PIL import Image

random = np.random.RandomState(5)


def pixels(width, height, channels):
    y, x = np.mgrid[0:height, 0:width]
    planes = [(x * (23 + 7 * c) + y * (31 - 5 * c) + c * 50 + random.randint(0, 24, x.shape)) % 256 for c in range(channels)]
    return np.stack(planes, -1).astype(np.uint8)


def write(name, content):
    with open(name, "wb") as file:
        file.write(content)


def pillow(name, mode, values, **options):
    image = Image.fromarray(values if values.shape[-1] > 1 else values[..., 0], mode)
    image.save(f"pillow-{name}.png", **options)
    write(f"pillow-{name}.raw", values.tobytes())


pillow("grey", "L", pixels(9, 7, 1))
pillow("rgb", "RGB", pixels(9, 7, 3))
pillow("rgba", "RGBA", pixels(9, 7, 4), optimize=True)
pillow("grey-alpha", "LA", pixels(9, 7, 2))
palette = Image.fromarray(pixels(9, 7, 3), "RGB").quantize(200)
palette.save("pillow-palette.png")
write("pillow-palette.raw", palette.convert("RGB").tobytes())

# Kinds that are refused.
palette.quantize(7).save("refused-palette-4bit.png")
Image.fromarray((np.arange(63).reshape(7, 9) * 999).astype(np.uint16)).save("refused-16bit.png")
Image.fromarray(pixels(9, 7, 1)[..., 0], "L").convert("1").save("refused-1bit.png")

# More colours than a palette has, and still under 1 kB.
y, x = np.mgrid[0:15, 0:20]
colour = np.stack([x * 12 + y, y * 16 + x % 2, (x * y) % 64], -1).astype(np.uint8)
for kind, values in [("rgb", colour), ("grey", pixels(20, 15, 1))]:
    height, width, channels = values.shape
    source = b"P%d %d %d 255\n" % (6 if channels == 3 else 5, width, height) + values.tobytes()
    write(f"netpbm-{kind}.raw", values.tobytes())
    for name in ["nofilter", "sub", "up", "avg", "paeth"]:
        write(f"netpbm-{kind}-{name}.png", subprocess.run(["pnmtopng", f"-{name}"], input=source, capture_output=True, check=True).stdout)
    if channels == 3:
        write("refused-interlaced.png", subprocess.run(["pnmtopng", "-interlace"], input=source, capture_output=True, check=True).stdout)
