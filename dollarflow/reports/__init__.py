"""Reports of result folders: one self-contained page with charts, tables, matrices and the audit's verdict."""
