"""The machine, which knows no sector of the dollar system and no figure; lower folders know nothing of higher ones.

- ``language``: symbols with time and units, sectors and instruments, equations, systems
- ``compiler``: from a system to machine code
- ``periods``: one period, its inputs, its diagnosis, and the path that periods make
- ``derivatives``: sensitivities, targets, rules, steady states, stability
- ``solving``: the march through the periods, leads, batches; ``accounting``: identities, matrices, graphs, the audit; ``scenarios``: shocks
- ``textmodel``: models written as text; ``members``: sectors of many institutions; ``contagion``: what holdings among them spread
"""
