from sample_classes import ReducedAll

result = ReducedAll('label')
result.extend([1, 2])
result['k'] = 3
result.__dict__.update({'note': None})
