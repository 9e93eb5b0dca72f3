#!/usr/bin/env python3
"""Golden numbers for the readers of CMU Sphinx files, from Debian's en-us model.

Acoustic model: the files are read here with `struct`, and by pocketsphinx_mdef_convert.
Language models: sphinxbase's own library (libsphinxbase.so.3) is asked for each probability.
Run in this folder; needs pocketsphinx, pocketsphinx-en-us and sphinxbase-utils.
"""
import ctypes, math, random, struct, subprocess, tempfile

EN_US = "/usr/share/pocketsphinx/model/en-us/"
rng = random.Random(20240229)


def s3(name):
    data = open(EN_US + "en-us/" + name, "rb").read()
    return data[data.index(b"endhdr\n") + 11:]  # header and byte-order mark


def gaussians(out, name):
    data = s3(name)
    codebooks, streams, densities = struct.unpack_from("<3i", data)
    dims = struct.unpack_from("<%di" % streams, data, 12)
    start = 12 + 4 * streams + 4
    for _ in range(100):
        c, f, k = rng.randrange(codebooks), rng.randrange(streams), rng.randrange(densities)
        d = rng.randrange(dims[f])
        place = ((c * streams + f) * densities + k) * dims[f] + d
        out.write("%s %d %d %d %d %.9g\n" % (name, c, f, k, d,
                                             struct.unpack_from("<f", data, start + 4 * place)[0]))


def transitions(out):
    data = s3("transition_matrices")
    matrices, states, targets, _ = struct.unpack_from("<4i", data)
    for m in range(matrices):
        for s in range(states):
            row = struct.unpack_from("<%df" % targets, data, 16 + 4 * (m * states + s) * targets)
            p = [v / sum(row) for v in row]
            p = [max(v, 1e-4) if v > 0 else 0 for v in p]
            for t, v in enumerate(p):
                if v > 0:
                    out.write("transition %d %d %d %.9g\n" % (m, s, t, math.log(v / sum(p))))


def sendump(out):
    data = open(EN_US + "en-us/sendump", "rb").read()
    at = 0
    while True:
        n, = struct.unpack_from("<i", data, at)
        at += 4 + n
        if n == 0:
            break
    rows, columns = struct.unpack_from("<2i", data, at)
    for _ in range(100):
        n, f, k = rng.randrange(columns), rng.randrange(3), rng.randrange(rows)
        row = [1.0001 ** (-1024 * data[at + 8 + (f * rows + j) * columns + n]) for j in range(rows)]
        out.write("weight %d %d %d %.9g\n" % (n, f, k, row[k] / sum(row)))


def mdef(out):
    with tempfile.NamedTemporaryFile(mode="r") as text:
        subprocess.run(["pocketsphinx_mdef_convert", "-text", EN_US + "en-us/mdef", text.name],
                       check=True, capture_output=True)
        rows = [line.split() for line in text if line.rstrip().endswith("N")]
    for row in rng.sample(rows, 400):
        out.write("phone " + " ".join(row[:4] + row[5:-1]) + "\n")


class Peer:
    """sphinxbase's probabilities, natural logarithms."""

    def __init__(self, path):
        self.lib = ctypes.CDLL("libsphinxbase.so.3")
        self.lib.err_set_logfp(None)
        for name in ("logmath_init", "ngram_model_read"):
            getattr(self.lib, name).restype = ctypes.c_void_p
        self.lib.ngram_word.restype = ctypes.c_char_p
        log = self.lib.logmath_init(ctypes.c_double(1.0001), 0, 0)
        self.model = ctypes.c_void_p(self.lib.ngram_model_read(None, path.encode(), 0,
                                                               ctypes.c_void_p(log)))

    def probability(self, words):  # the last word first; in units of log 1.0001
        history = (ctypes.c_int32 * len(words))(*words[1:])
        used = ctypes.c_int32()
        return self.lib.ngram_ng_prob(self.model, words[0], history, len(words) - 1,
                                      ctypes.byref(used))


def bits(data, start, width):
    return int.from_bytes(data[start // 8:start // 8 + 12], "little") >> start % 8 & (1 << width) - 1


def language_model():
    """5000 listed n-grams and 5000 sequences of words drawn at random, some of them unlisted."""
    path = EN_US + "en-us.lm.bin"
    data = open(path, "rb").read()
    c1, c2, c3 = struct.unpack_from("<3I", data, 20)
    unigrams = 36 + 3 * 4 * 65536
    pairs = unigrams + 12 * (c1 + 1)
    width, next_width = c1.bit_length(), c3.bit_length()
    pair_bits = width + 32 + next_width
    triples = pairs + ((c2 + 1) * pair_bits + 7) // 8 + 8
    middle, last = data[pairs:triples], data[triples:]
    first = lambda w: struct.unpack_from("<I", data, unigrams + 12 * w + 8)[0]

    def listed():
        while True:
            w = rng.randrange(c1)
            if first(w) == first(w + 1):
                continue
            i = rng.randrange(first(w), first(w + 1))
            words = [w, bits(middle, i * pair_bits, width)]
            begin = bits(middle, i * pair_bits + width + 32, next_width)
            end = bits(middle, (i + 1) * pair_bits + width + 32, next_width)
            if begin < end and rng.random() < 0.8:
                words.append(bits(last, rng.randrange(begin, end) * (width + 16), width))
            return words

    peer = Peer(path)
    for name, draw in (("listed", listed), ("any", lambda: [listed()[0], *listed()[1:2], listed()[0]])):
        with open("en-us-lm-%s.txt" % name, "w") as out:
            for _ in range(5000):
                words = draw()
                out.write(" ".join(map(str, words + [peer.probability(words)])) + "\n")


with open("en-us.txt", "w") as golden:
    gaussians(golden, "means")
    gaussians(golden, "variances")
    transitions(golden)
    sendump(golden)
    mdef(golden)
language_model()
