#!/usr/bin/env python3
"""Makes the golden frames beside this file from Debian's goforward.raw (pocketsphinx-testdata).

Needs sphinx_fe (sphinxbase-utils) and, from PyPI: numpy, librosa 0.11, kaldi-native-fbank 1.23,
python_speech_features 0.6. Each file is two little-endian int32 (frames, values a frame), then
float32 frames.
"""
import pathlib
import subprocess
import tempfile

import kaldi_native_fbank as knf
import librosa
import numpy as np
import python_speech_features as psf

RECORDING = pathlib.Path("/usr/share/pocketsphinx/test/data/goforward.raw")
RATE = 16000
HERE = pathlib.Path(__file__).parent


def save(name, frames):
    frames = np.ascontiguousarray(frames, "<f4")
    with open(HERE / name, "wb") as file:
        file.write(np.array(frames.shape, "<i4").tobytes() + frames.tobytes())
    print(name, frames.shape)


def sphinx(remove_noise):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out.mfc"
        subprocess.run(
            ["sphinx_fe", "-raw", "yes", "-input_endian", "little", "-samprate", str(RATE),
             "-lowerf", "130", "-upperf", "6800", "-nfilt", "25", "-transform", "dct",
             "-lifter", "22", "-remove_silence", "no", "-remove_noise", remove_noise,
             "-i", str(RECORDING), "-o", str(out)], check=True, capture_output=True)
        return np.frombuffer(out.read_bytes()[4:], "<f4").reshape(-1, 13)


def kaldi(options, extractor, samples):
    options.frame_opts.dither = 0
    computer = extractor(options)
    computer.accept_waveform(RATE, samples.tolist())
    computer.input_finished()
    return np.array([computer.get_frame(i) for i in range(computer.num_frames_ready)])


def htk(samples):
    """MFCC_0_D_A by the HTK book in double precision. Framing, spectrum, lifter and deltas are those of
    python_speech_features; its pre-emphasis and filters are not HTK's and are replaced."""
    frames = psf.sigproc.framesig(samples, 400, 160)
    frames = frames[: 1 + (len(samples) - 400) // 160]
    frames = np.concatenate([frames[:, :1] * (1 - 0.97), frames[:, 1:] - 0.97 * frames[:, :-1]], 1)
    magnitude = psf.sigproc.magspec(frames * np.hamming(400), 512)
    mel = lambda hertz: 1127 * np.log(1 + hertz / 700)
    centres = np.linspace(0, mel(RATE / 2), 28)
    bins = mel(np.arange(257) * RATE / 512)
    filters = np.array([np.interp(bins, centres[b:b + 3], [0, 1, 0], 0, 0) for b in range(26)])
    log_mel = np.log(np.maximum(magnitude @ filters.T, 1))
    k = np.arange(13)[:, None]
    dct = np.sqrt(2 / 26) * np.cos(np.pi * k * (np.arange(26) + 0.5) / 26)
    cepstra = psf.lifter(log_mel @ dct.T, 22)
    static = np.roll(cepstra, -1, 1)
    delta = psf.delta(static, 2)
    return np.hstack([static, delta, psf.delta(delta, 2)])


def librosa_decibels(samples):
    mel = librosa.feature.melspectrogram(y=samples / np.float32(32768), sr=RATE)
    return librosa.power_to_db(mel, top_db=None).T


def main():
    samples = np.fromfile(RECORDING, "<i2").astype(np.float32)
    save("sphinx.f32", sphinx("no"))
    save("sphinx-denoise.f32", sphinx("yes"))
    save("kaldi-fbank.f32", kaldi(knf.FbankOptions(), knf.OnlineFbank, samples))
    save("kaldi-mfcc.f32", kaldi(knf.MfccOptions(), knf.OnlineMfcc, samples))
    mirrored = knf.FbankOptions()
    mirrored.frame_opts.snip_edges = False
    mirrored.mel_opts.num_bins = 10
    save("kaldi-mirrored.f32", kaldi(mirrored, knf.OnlineFbank, samples))
    save("htk.f32", htk(samples.astype(np.float64)))
    save("librosa.f32", librosa_decibels(samples))


if __name__ == "__main__":
    main()
