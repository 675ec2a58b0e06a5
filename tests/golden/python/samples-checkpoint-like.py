import torch
from collections import OrderedDict

ordered_dict_1 = OrderedDict([
    ('embed.weight', torch.Tensor(...)),  # float32 (64, 16)
    ('block.0.linear.weight', torch.Tensor(...)),  # float32 (32, 16)
    ('block.0.linear.bias', torch.Tensor(...)),  # float32 (32,)
    ('block.1.linear.weight', torch.Tensor(...)),  # float32 (10, 32)
    ('block.1.linear.bias', torch.Tensor(...)),  # float32 (10,)
    ('conv.weight', torch.Tensor(...)),  # float32 (4, 3, 3, 3)
])
result = {
    'epoch': 12,
    'state_dict': ordered_dict_1,
    'best': 0.0625,
    'same_weights': {'model': ordered_dict_1},
}
