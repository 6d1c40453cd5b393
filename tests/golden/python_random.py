"""What CPython's module random gives, for tests/nn/python_random_test.cpp, which makes the same calls.

Usage: python3 python_random.py > python_random.json     (made with CPython 3.11)
"""
import json
import random


def draw(text):
    seed = eval(text)
    random.seed(seed)
    magnitude = abs(seed)
    words = [magnitude >> shift & 0xFFFFFFFF for shift in range(0, max(1, magnitude.bit_length()), 32)]
    result = {"seed": text, "words": words}
    result["random"] = [random.random() for _ in range(5)]
    result["bits"] = [random.getrandbits(k) for k in (0, 1, 31, 32, 33, 53, 64)]
    result["uniform"] = [random.uniform(-1, 1), random.uniform(3, 10), random.uniform(0.1, 0.7)]
    # Three numbers: the second of a pair is kept over the others between.
    result["gauss"] = [random.gauss(0, 0.08), random.random(), random.gauss(10, 3), random.gauss()]
    result["shuffled"] = []
    for length in (0, 1, 2, 3, 10, 700):
        x = list(range(length))
        random.shuffle(x)
        result["shuffled"].append(x[:10])
    result["choices"] = random.choices(range(5), weights=[0.1, 2.5, 0, 3.3, 0.7], k=20)
    result["range"] = [random.randrange(10), random.randrange(-5, 6), random.randint(1, 6),
                       random.choice(range(100)), random.randrange(1 << 62), random.randint(-(1 << 63), 0)]
    result["kept"] = [random.gauss(), random.gauss()]
    random.seed(seed)  # forgets the number that gauss still keeps
    result["again"] = [random.gauss(), random.random()]
    return result


seeds = ["0", "1", "2", "42", "-42", "1337", "2**32 - 1", "2**32", "2**63 - 1", "-2**63", "2**64 - 1",
         "2**64", "3 * 2**96", "-123456789012345678901234567890", "3**20000"]
print("[" + ",\n".join(json.dumps(draw(seed)) for seed in seeds) + "]")
