from collections import OrderedDict
from datetime import date
from posix import system  # <-- Dangerous: posix.system can run a shell command

result = {
    'model': OrderedDict([
        ('weights', [0.25, -1.5, 3.0, 0.125]),
        ('bias', 0.5),
        ('classes', ['cat', 'dog']),
    ]),
    'metadata': {
        'name': 'pet-classifier',
        'version': '1.2.0',
        'trained_on': date(2026, 1, 17),
        'framework': 'homemade',
        'metrics': {'accuracy': 0.94, 'f1': 0.91},
        'checksum': system('echo this would have run'),  # <-- Dangerous: would run a shell command
        'license': 'MIT',
    },
    'labels': {0: 'cat', 1: 'dog'},
}
