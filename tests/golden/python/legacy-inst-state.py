from sample_classes2 import OldStyle

result = OldStyle.__new__(OldStyle)
result.__dict__.update({'name': 'Ada'})
