from sample_classes import SlotsAndDict

result = SlotsAndDict.__new__(SlotsAndDict)
result.__dict__.update({'extra': 1})
result.left = 2
