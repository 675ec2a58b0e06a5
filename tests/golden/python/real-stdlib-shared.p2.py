from sample_classes import Point

shared_1 = ['shared']
shared_2 = (shared_1, 'same string')
point_1 = Point.__new__(Point)
point_1.__dict__.update({'x': shared_1, 'y': shared_2})
result = {
    'a': shared_1,
    'b': shared_1,
    'pair': shared_2,
    'again': [shared_2, shared_2],
    'text': ['same string', 'same string'],
    'points': [point_1, point_1],
    'equal but not the same': [['shared'], ['shared']],
}
