"""From a system to machine code: tapes of operations and their derivatives, blocks, torn blocks, kernels, the loop over periods."""
