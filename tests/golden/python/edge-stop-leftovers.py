stack_1 = 1  # left on the stack
stack_2 = 2  # left on the stack
result = 3
