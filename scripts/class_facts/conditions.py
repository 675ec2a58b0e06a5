"""What a condition says: whether it is sure to hold, and of which type a value is where it does."""

import ast

from known import ARRAYS
from values import TAINTED, UNKNOWN, given, merge, of_type

DATA_TYPES = set("str int float bool bytes bytearray complex list tuple dict set frozenset Sequence Mapping Number Integral Real Iterable".split())


def literal(node):
    try:
        return True, ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False, None


class Conditions:
    """A part of Frame."""

    # Constants. Methods like __getattr__ are asked for a name that is known, and often refuse names with two underscores.

    def known(self, node):
        """(whether it is known, value) of an expression of constants and names that hold them."""
        if isinstance(node, ast.Name):
            value = self.env.get(node.id)
            return (True, value[1]) if value and value[0] == "const" else (False, None)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            found, value = self.known(node.value)
            slice_known, bounds = self.bounds(node.slice)
            return (True, value[bounds]) if found and isinstance(value, str) and slice_known else (False, None)
        return literal(node)

    @staticmethod
    def bounds(node):
        if isinstance(node, ast.Slice) and node.step is None:
            ends = [literal(item) if item else (True, None) for item in (node.lower, node.upper)]
            return all(found for found, _ in ends), slice(*[value for _, value in ends])
        return False, None

    def truth(self, test):
        """Whether a condition holds; None if that is not known."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self.truth(test.operand)
            return None if inner is None else not inner
        if isinstance(test, ast.BoolOp):
            values = [self.truth(item) for item in test.values]
            deciding = isinstance(test.op, ast.Or)
            return deciding if deciding in values else None if None in values else not deciding
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            return self.compared(test.ops[0], self.known(test.left), self.known(test.comparators[0]))
        if isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute) and test.func.attr in ("startswith", "endswith") and len(test.args) == 1:
            (found, text), (also, part) = self.known(test.func.value), self.known(test.args[0])
            if found and also and isinstance(text, str) and isinstance(part, (str, tuple)):
                return getattr(text, test.func.attr)(part)
        return None

    @staticmethod
    def compared(operator, left, right):
        if not left[0] or not right[0] or left[1] is None:
            return None
        try:
            if isinstance(operator, (ast.Eq, ast.NotEq)):
                return (left[1] == right[1]) == isinstance(operator, ast.Eq)
            if isinstance(operator, (ast.In, ast.NotIn)):
                return (left[1] in right[1]) == isinstance(operator, ast.In)
        except TypeError:
            pass
        return None

    # Types.

    def narrow(self, test, truth):
        """Applies what a test says; gives how to undo it for attributes."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self.narrow(test.operand, not truth)
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And if truth else ast.Or):
            return [item for value in test.values for item in self.narrow(value, truth)]
        if not truth:
            return []
        subject, kind = self.type_test(test)
        if subject is None:
            return []
        if isinstance(subject, ast.Name) and subject.id in self.env:
            narrowed = self.narrowed(self.env[subject.id], kind)
            if narrowed:
                self.env[subject.id] = narrowed
        elif isinstance(subject, ast.Attribute) and isinstance(subject.value, ast.Name):
            owner = self.env.get(subject.value.id)
            if owner and owner[0] == "obj":
                before = owner[3].get(subject.attr)
                narrowed = self.narrowed(before or (given(f"{owner[2]}.{subject.attr}") if owner[2] else UNKNOWN), kind)
                if narrowed:
                    owner[3][subject.attr] = narrowed
                    return [(owner[3], subject.attr, before)]
        return []

    @staticmethod
    def type_test(test):
        """The expression that a test finds to be of a type, and the type's expression."""
        if isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id in ("isinstance", "issubclass") and len(test.args) == 2:
            return test.args[0], test.args[1]
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], (ast.Is, ast.Eq)):
            left = test.left
            if isinstance(left, ast.Call) and isinstance(left.func, ast.Name) and left.func.id == "type" and len(left.args) == 1:
                return left.args[0], test.comparators[0]
        return None, None

    def narrowed(self, value, kind):
        if value[0] != "given":
            return None
        kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
        found = None
        for item in kinds:
            entities = self.value(item)
            if entities[0] != "entities" or not entities[1]:
                return None
            for entity in entities[1]:
                name = entity[1] if entity[0] != "class" else entity[2]
                last = name.rpartition(".")[2]
                if last in DATA_TYPES and entity[0] != "def":
                    one = of_type(last, True, given(value[1] + "[]"))
                elif entity[0] == "class":
                    one = ("obj", (entity[1], entity[2]), value[1], {})
                elif entity[0] == "outside" or entity[1] in ARRAYS:
                    one = TAINTED
                else:
                    return None
                found = one if found is None else merge(found, one)
        return found
