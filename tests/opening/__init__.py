"""Starting mid-life from the ledger of years before."""
