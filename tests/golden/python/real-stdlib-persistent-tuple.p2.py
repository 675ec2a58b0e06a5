# persistent_load(id): what whoever loads the file gives for the id

result = {
    'references': [
        persistent_load(('storage', 'float', '0', 12)),
        persistent_load(7),
        persistent_load(['list']),
    ],
    'other': 1,
}
