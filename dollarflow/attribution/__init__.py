"""Who financed the debt: double entry (J2), financiers switched off (J3), and how much more each could lend (J4)."""
