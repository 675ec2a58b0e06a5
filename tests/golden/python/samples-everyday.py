import re
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import partial
from ipaddress import IPv4Address
from pathlib import PurePosixPath
from sample_classes import Colour, Node, Person, Point
from types import SimpleNamespace
from uuid import UUID

point_1 = Point.__new__(Point)
point_1.__dict__.update({'x': 1, 'y': 2})
person_1 = Person.__new__(Person)
person_1.__dict__.update({'name': 'Ada', 'age': 36, 'tags': ['mathematics']})
simple_namespace_1 = SimpleNamespace()
simple_namespace_1.__dict__.update({'host': 'localhost', 'port': 8080})
shared_1 = {'retries': 3, 'timeout': 2.5}
list_1 = []
list_1.extend(['a list that holds itself', list_1])
node_1 = Node.__new__(Node)
node_2 = Node.__new__(Node)
node_3 = Node.__new__(Node)
node_3.__dict__.update({'name': 'leaf', 'parent': node_2, 'children': []})
node_2.__dict__.update({'name': 'branch', 'parent': node_1, 'children': [node_3]})
node_1.__dict__.update({'name': 'root', 'parent': None, 'children': [node_2]})
result = {
    'title': 'A pickle of many shapes 🥒',
    'numbers': {
        'int': 42,
        'large': 1267650600228229401496703205376,
        'float': 0.1,
        'tiny': 1e-310,
        'negative zero': -0.0,
        'nan': float('nan'),
        'infinite': float('inf'),
        'complex': complex(3.0, -4.0),
        'decimal': Decimal('19.99'),
        'fraction': Fraction(22, 7),
    },
    'text': {
        'umlauts': 'Grüße',
        'kanji': '漬物',
        'lines': 'one\ntwo',
        'lone surrogate': '\udc80',
        'empty': '',
    },
    'bytes': {
        'bytes': b'\x89PNG\r\n\x1a\n',
        'bytearray': bytearray(b'changeable'),
        'longer': b'\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7f\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xaf\xb0\xb1\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xbb\xbc\xbd\xbe\xbf\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff',
    },
    'containers': {
        'tuple': (1, (2, (3,))),
        'set': {'red'},
        'frozenset': frozenset({1, 2}),
        'ordered': OrderedDict([('z', 1), ('a', 2)]),
        'default': defaultdict(list, {'found': [1]}),
        'counter': Counter({'p': 1, 'i': 1, 'c': 1, 'k': 1, 'l': 1, 'e': 1}),
        'deque': deque([1, 2, 3], maxlen=5),
        'range': range(0, 100, 5),
        'slice': slice(None, None, -1),
    },
    'time': {
        'date': date(2026, 2, 28),
        'datetime': datetime(2026, 2, 28, 23, 59, 59, 999999),
        'delta': timedelta(days=1, seconds=30),
        'utc': datetime(2026, 1, 1, 0, 0, tzinfo=timezone.utc),
    },
    'objects': {
        'instance': point_1,
        'dataclass': person_1,
        'enum': Colour('green'),
        'namespace': simple_namespace_1,
        'partial': partial(int, base=2),
        'pattern': re.compile('\\d{4}-\\d{2}', re.IGNORECASE),
        'exception': ValueError('something', 7),
        'uuid': UUID('12345678-1234-5678-1234-567812345678'),
        'path': PurePosixPath('/var/log/app.log'),
        'address': IPv4Address('127.0.0.1'),
        'type': dict,
        'function': len,
    },
    'shared': [shared_1, shared_1, {'again': shared_1}],
    'cyclic': list_1,
    'tree': node_1,
    'table': [
        {'id': 0, 'name': 'row 0', 'even': True},
        {'id': 1, 'name': 'row 1', 'even': False},
        {'id': 2, 'name': 'row 2', 'even': True},
        {'id': 3, 'name': 'row 3', 'even': False},
        {'id': 4, 'name': 'row 4', 'even': True},
        {'id': 5, 'name': 'row 5', 'even': False},
        {'id': 6, 'name': 'row 6', 'even': True},
        {'id': 7, 'name': 'row 7', 'even': False},
        {'id': 8, 'name': 'row 8', 'even': True},
        {'id': 9, 'name': 'row 9', 'even': False},
        {'id': 10, 'name': 'row 10', 'even': True},
        {'id': 11, 'name': 'row 11', 'even': False},
        {'id': 12, 'name': 'row 12', 'even': True},
        {'id': 13, 'name': 'row 13', 'even': False},
        {'id': 14, 'name': 'row 14', 'even': True},
        {'id': 15, 'name': 'row 15', 'even': False},
        {'id': 16, 'name': 'row 16', 'even': True},
        {'id': 17, 'name': 'row 17', 'even': False},
        {'id': 18, 'name': 'row 18', 'even': True},
        {'id': 19, 'name': 'row 19', 'even': False},
        {'id': 20, 'name': 'row 20', 'even': True},
        {'id': 21, 'name': 'row 21', 'even': False},
        {'id': 22, 'name': 'row 22', 'even': True},
        {'id': 23, 'name': 'row 23', 'even': False},
        {'id': 24, 'name': 'row 24', 'even': True},
        {'id': 25, 'name': 'row 25', 'even': False},
        {'id': 26, 'name': 'row 26', 'even': True},
        {'id': 27, 'name': 'row 27', 'even': False},
        {'id': 28, 'name': 'row 28', 'even': True},
        {'id': 29, 'name': 'row 29', 'even': False},
    ],
    None: 'a key that is None',
    (1, 2): 'a key that is a tuple',
}
