"""What a notebook records of its environment, and what it says about the kernel to start."""
