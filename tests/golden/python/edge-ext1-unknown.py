# extension(code): from the copyreg registry of whoever loads the file

result = extension(240)
