"""ONNX graphs, ready to run: the only place that knows onnxruntime."""

from typing import Any

from index.errors import GraphError


def open_session(graph: bytes) -> Any:
    """The graph ready to run, in one thread: who asks for several at a time runs them side by side. GraphError where it can't be."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own kinds without a common base
        raise GraphError(" ".join(str(error).split())) from error
