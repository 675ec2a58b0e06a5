list_1 = []
list_1.append(list_1)
dict_1 = {}
dict_1.update({'self': dict_1, 'loop': list_1})
list_2 = []
dict_2 = {}
shared_1 = (list_2, dict_2)
dict_2['pair'] = shared_1
list_2.append(shared_1)
result = [list_1, dict_1, shared_1]
