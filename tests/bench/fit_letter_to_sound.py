"""Fits the confidences of core/language/data/en/letter_to_sound.txt (logistic regression):

    build/tests/bench/letter_to_sound --list 30000 | python3 tests/bench/fit_letter_to_sound.py
"""
import math
import random
import sys

words = []
for line in sys.stdin:
    right, word, *phones = line.split()
    words.append((int(right), ['bias', *word, *phones]))
random.seed(1)
weights = {name: 0.0 for _, features in words for name in features}
epochs = 12
for epoch in range(epochs):
    rate = 0.02 / (1 + epoch)
    random.shuffle(words)
    for right, features in words:
        score = sum(weights[name] for name in features)
        step = rate * (right - 1 / (1 + math.exp(-score)))
        for name in features:
            weights[name] += step
for name in sorted(weights):
    print(f'confidence\t{name}\t{weights[name]:.3f}')
