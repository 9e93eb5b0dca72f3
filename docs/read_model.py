#!/usr/bin/env python3
"""Opens a model file in Python: read_model.py MODEL.safetensors

Needs numpy and the safetensors package. Every tensor is described in docs/model-format.md.
"""
import json
import sys

import numpy as np
from safetensors import safe_open

with safe_open(sys.argv[1], framework="numpy") as model:
    about = model.metadata()
    tensors = {name: model.get_tensor(name) for name in model.keys()}

print("{kind} {name}: {states} states, frames of {dimension} values, {emission} emissions"
      .format(**about))

text = tensors["labels.text"].tobytes()
offsets = tensors["labels.offsets"].tolist()
labels = [text[a:b].decode() for a, b in zip(offsets, offsets[1:])]

transitions = np.zeros((int(about["states"]),) * 2)
transitions[tensors["arcs.source"], tensors["arcs.target"]] = np.exp(
    tensors["arcs.log_probability"])
sums = transitions.sum(axis=1)
print("rows of transition probabilities sum to %.3f .. %.3f" % (sums.min(), sums.max()))

for state, duration in enumerate(json.loads(about.get("durations", "[]"))):
    label = labels[tensors["label_of"][state]]
    print("state %d (%s): %s, %d to %d frames" % (
        state, label, duration["family"], duration["shortest"], duration["longest"]))
