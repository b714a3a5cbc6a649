"""What follows from accounts: identities, matrices, bundles of coupons, graphs of cross-holdings, the audit of a path."""
