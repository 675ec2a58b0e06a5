len('abc')  # the result is thrown away
result = 1
