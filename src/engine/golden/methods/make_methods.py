"""Golden cases of TRADES, weight decay and PGD in the Euclidean norm, from PyTorch's autograd in float64.

    python3 src/engine/golden/methods/make_methods.py > src/engine/golden/methods/methods.json

Conventions are those of the engine: weights [fan_in, units]; losses and divergences are means over the batch, and sums over
the classes for sigmoid outputs; random starts come from the engine's hash (src/domain/random.ts), written again here.
Random numbers of networks and images are PyTorch's own. Signs of gradients are part of the result, so a case is refused if
a gradient comes close to 0.
"""
import json
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

FEATURES, HIDDEN, CLASSES, BATCH = 10, [8, 6], 4, 5
ATTACK_START = 5  # the stream in random.ts
WORD = 0xFFFFFFFF


def mix32(x):
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & WORD
    x = ((x ^ (x >> 15)) * 0x846CA68B) & WORD
    return x ^ (x >> 16)


def absorb(words, start):
    state = mix32(start)
    for word in words:
        state = mix32(((state ^ word) + 0x9E3779B9) & WORD)
    return state


def uniform(shape, seed, step):
    """Uniform in [-1, 1) by 24 bits, at each position of a matrix."""
    words = [seed, ATTACK_START, step, 0]
    keys = absorb(words, 1), absorb(words, 2)
    hashes = [mix32(mix32((i + keys[0]) & WORD) ^ keys[1]) for i in range(shape[0] * shape[1])]
    return torch.tensor([(value >> 8) / 2**23 - 1 for value in hashes]).view(shape)


activations = {'tanh': torch.tanh, 'logistic': torch.sigmoid, 'relu': torch.relu}


def make_problem(seed, scale=1.5):
    torch.manual_seed(seed)
    sizes = [FEATURES, *HIDDEN, CLASSES]
    weights = [scale * (2 * torch.rand(a, b) - 1) / a**0.5 for a, b in zip(sizes, sizes[1:])]
    biases = [(2 * torch.rand(b) - 1) / a**0.5 for a, b in zip(sizes, sizes[1:])]
    return weights, biases, torch.rand(BATCH, FEATURES), torch.randint(CLASSES, (BATCH,))


def logits(x, weights, biases, activation):
    for w, b in zip(weights[:-1], biases[:-1]):
        x = activations[activation](x @ w + b)
    return x @ weights[-1] + biases[-1]


def loss_of(z, y, kind):
    if kind == 'bce':
        return F.binary_cross_entropy_with_logits(z, F.one_hot(y, CLASSES).double(), reduction='sum') / len(z)
    return F.cross_entropy(z, y)


def margin(z, y):
    others = z.masked_fill(F.one_hot(y, CLASSES).bool(), float('-inf'))
    return (others.logsumexp(1) - z.gather(1, y[:, None])[:, 0]).sum()


def divergence(z, moved, kind):
    if kind == 'bce':
        p = torch.distributions.Bernoulli(logits=z)
        q = torch.distributions.Bernoulli(logits=moved)
        return torch.distributions.kl_divergence(p, q).sum() / len(z)
    p, q = torch.distributions.Categorical(logits=z), torch.distributions.Categorical(logits=moved)
    return torch.distributions.kl_divergence(p, q).mean()


def slope(value, x):
    gradient = torch.autograd.grad(value, x)[0]
    assert gradient.abs().min() > 1e-4 * gradient.abs().max(), 'a sign that float32 may lose'
    return gradient


def clipped(x, clip):
    return x.clamp(0, 1) if clip else x


def most_divergent(x, model, case, step):
    z = model(x).detach()
    moved = clipped(x + 0.001 * uniform(x.shape, case['seed'], step), case['clip'])
    for _ in range(case['attackSteps']):
        moved = moved.detach().requires_grad_()
        change = moved.detach() - x + case['stepSize'] * slope(divergence(z, model(moved), case['loss']), moved).sign()
        moved = clipped(x + change.clamp(-case['epsilon'], case['epsilon']), case['clip'])
    return moved.detach()


def rows(tensors):
    return [t.detach().tolist() for t in tensors]


def trained(case):
    weights, biases, x, y = make_problem(case['problem'])
    case.update(W=rows(weights), b=rows(biases), x=x.tolist(), y=y.tolist())
    parameters = [*weights, *biases]
    for p in parameters:
        p.requires_grad_()
    model = lambda images: logits(images, weights, biases, case['activation'])
    groups = [{'params': weights, 'weight_decay': case['weightDecay']}, {'params': biases, 'weight_decay': 0}]
    optimizers = {
        'sgd': lambda: torch.optim.SGD(groups, lr=case['rate']),  # where both kinds of decay are the same
        'adam': lambda: torch.optim.AdamW(groups, lr=case['rate']),
    }
    optimizer = optimizers[case['optimizer']]()
    case['losses'] = []
    for step in range(case['steps']):
        value = loss_of(model(x), y, case['loss'])
        if case['method'] == 'trades':
            moved = most_divergent(x, model, case, step)
            value = value + case['beta'] * divergence(model(x), model(moved), case['loss'])
        optimizer.zero_grad()
        value.backward()
        if step == 0:
            case['gW'], case['gb'] = rows(w.grad for w in weights), rows(b.grad for b in biases)
            case['xTrain'] = (moved if case['method'] == 'trades' else x).tolist()
        optimizer.step()
        case['losses'].append(value.item())
    case.update(finalW=rows(weights), finalb=rows(biases))
    return case


def attacked(case):
    weights, biases, x, y = make_problem(case['problem'])
    case.update(W=rows(weights), b=rows(biases), x=x.tolist(), y=y.tolist())
    model = lambda images: logits(images, weights, biases, case['activation'])
    length = lambda change: change.norm(dim=1, keepdim=True)
    within = lambda change: change * (case['epsilon'] / length(change)).clamp(max=1)
    noise = uniform(x.shape, case['seed'], 0)
    moved = clipped(x + within(case['epsilon'] * noise / length(noise)), case['clip'])
    target = case.get('target')
    labels = y if target is None else torch.full_like(y, target)
    for k in range(case['attackSteps']):
        moved = moved.detach().requires_grad_()
        z = model(moved)
        value = margin(z, labels) if case['kind'] == 'margin-pgd' else loss_of(z, labels, case['loss'])
        gradient = torch.autograd.grad(value, moved)[0]
        falling = 2 * case['epsilon'] * (1 - k / case['attackSteps'])
        size = falling if case['kind'] == 'margin-pgd' else case['stepSize']
        change = moved.detach() - x + (1 if target is None else -1) * size * gradient / length(gradient)
        moved = clipped(x + within(change), case['clip'])
    case['attacked'] = moved.tolist()
    return case


def training_case(name, **changes):
    case = dict(
        name=name, method='plain', activation='tanh', loss='bce', optimizer='sgd', rate=0.1, weightDecay=0, steps=3,
        seed=7, epsilon=0, attackSteps=0, stepSize=0, beta=0, clip=False, problem=1)
    return trained({**case, **changes})


def attack_case(name, **changes):
    case = dict(name=name, kind='pgd', activation='tanh', loss='bce', seed=3, epsilon=0.8, attackSteps=4, stepSize=0.5,
                clip=False, problem=2)
    return attacked({**case, **changes})


trades = dict(method='trades', epsilon=0.1, attackSteps=3, stepSize=0.04, beta=6)
json.dump(
    {
        'training': [
            training_case('trades-bce', **trades),
            training_case('trades-ce', **trades, loss='ce', activation='logistic', problem=3),
            training_case('trades-clip', **trades, clip=True, activation='relu', problem=9),
            training_case('weight-decay-sgd', weightDecay=0.5),
            training_case('weight-decay-adam', weightDecay=2, optimizer='adam', rate=0.01, steps=5, loss='ce'),
        ],
        'attacks': [
            attack_case('l2-bce'),
            attack_case('l2-ce-clip', loss='ce', clip=True, activation='relu'),
            attack_case('l2-target', target=2, activation='logistic'),
            attack_case('l2-margin', kind='margin-pgd', clip=True),
        ],
    },
    sys.stdout,
    separators=(',', ':'),
)
