"""What exact derivatives give: sensitivities, the adjoint sweep, targets, rules, steady states, stability."""
