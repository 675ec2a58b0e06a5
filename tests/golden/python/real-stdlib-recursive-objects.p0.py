from copyreg import _reconstructor
from sample_classes import ListSubclass, Node, Point

node_1 = _reconstructor(Node, object, None)
node_2 = _reconstructor(Node, object, None)
node_3 = _reconstructor(Node, object, None)
node_3.__dict__.update({'name': 'leaf', 'parent': node_2, 'children': []})
node_2.__dict__.update({'name': 'branch', 'parent': node_1, 'children': [node_3]})
node_1.__dict__.update({'name': 'root', 'parent': None, 'children': [node_2]})
point_1 = _reconstructor(Point, object, None)
point_1.__dict__.update({'x': point_1, 'y': None})
list_subclass_1 = _reconstructor(ListSubclass, list, [1])
list_subclass_1.__dict__.update({'me': list_subclass_1})
result = (node_1, point_1, list_subclass_1)
