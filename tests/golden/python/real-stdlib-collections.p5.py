from collections import (
    ChainMap,
    Counter,
    OrderedDict,
    UserDict,
    UserList,
    UserString,
    defaultdict,
    deque,
)

chain_map_1 = ChainMap.__new__(ChainMap)
chain_map_1.__dict__.update({'maps': [{'a': 1}, {'a': 2, 'b': 3}]})
user_dict_1 = UserDict.__new__(UserDict)
user_dict_1.__dict__.update({'data': {'a': 1}})
user_list_1 = UserList.__new__(UserList)
user_list_1.__dict__.update({'data': [1, 2]})
user_string_1 = UserString.__new__(UserString, 'text')
user_string_1.__dict__.update({'data': 'text'})
result = {
    'OrderedDict': OrderedDict([('z', 1), ('a', 2)]),
    'defaultdict': defaultdict(list, {'k': [1]}),
    'defaultdict of int': defaultdict(int),
    'Counter': Counter({'m': 1, 'i': 4, 's': 4, 'p': 2}),
    'deque': deque([1, 2, 3]),
    'deque with maxlen': deque([2, 3], maxlen=2),
    'ChainMap': chain_map_1,
    'UserDict': user_dict_1,
    'UserList': user_list_1,
    'UserString': user_string_1,
}
