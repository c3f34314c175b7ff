"""Jupyter's own tests of a kernel, on the one that `KERNEL` names; run with the packages of a neighbour."""

import os

import jupyter_kernel_test  # type: ignore[import-not-found]

HTML = "from IPython.display import HTML, display; display(HTML('<b>x</b>'))"


class KernelTests(jupyter_kernel_test.KernelTests):  # type: ignore[misc]
    """Samples of Python for every kind of message."""

    kernel_name = os.environ["KERNEL"]
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    code_generate_error = "raise"
    code_execute_result = ({"code": "6*7", "result": "42"},)
    code_display_data = ({"code": HTML, "mime": "text/html"},)
    code_page_something = "zip?"
    code_inspect_sample = "zip"
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "search")
    code_history = ("1 + 2", "3 + 4")
    completion_samples = ({"text": "zi", "matches": {"zip"}},)
    complete_code_samples = ("1", "print('hello')", "def f(x):\n  return x*2\n\n\n")
    incomplete_code_samples = ("print('''hello", "def f(x):\n  x*2")
    invalid_code_samples = ("import = 7q",)
