# readonly(buffer): the buffer where it cannot be written, else memoryview(buffer).toreadonly()
# buffers: handed to the loader beside the file
from sample_classes import Buffered

result = {
    'parts': [
        Buffered.from_buffer(readonly(buffers[0])),
        Buffered.from_buffer(buffers[1]),
        Buffered.from_buffer(readonly(buffers[2])),
    ],
    'bare': buffers[3],
}
