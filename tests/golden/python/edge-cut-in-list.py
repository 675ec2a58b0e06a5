stack_1 = []  # on the stack where it stopped
stack_2 = 1  # on the stack where it stopped
stack_3 = 2  # on the stack where it stopped
# stopped at offset 8: expected an opcode, found the end of the input before any STOP
